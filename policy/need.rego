package policy.assistant.v1

# METADATA
# title: Two needs as one
# description: A need is {needed, roles, excludeRequester, groups}. The stricter of both in every part, so that neither loosens the other.
stricter(one, other) := {
	"needed": max({one.needed, other.needed} | {need.needed | some need in groups}),
	"roles": sort({role | some role in one.roles; role in other.roles}),
	"excludeRequester": true in {one.excludeRequester, other.excludeRequester},
	"groups": groups,
} if {
	groups := strictest_groups({need | some need in one.groups} | {need | some need in object.get(other, "groups", [])})
}

# METADATA
# title: The most that is asked of each group
strictest_groups(needs) := [{"group": group, "needed": max({need.needed | some need in needs; need.group == group})} |
	some group in sort({need.group | some need in needs})
]

# METADATA
# title: The least that a tier needs
# description: What is low may be automatic, so that nothing is certain of it.
need_of_tier := {tier: need |
	some tier in write_tiers
	need := {
		"needed": quorum_of_tier[tier] * _certain[tier],
		"roles": approver_roles[tier],
		"excludeRequester": tier != "low",
		"groups": [],
	}
}

_certain := {"low": 0, "medium": 1, "high": 1}
