package policy.assistant.v1

# METADATA
# title: Quorum
# description: >-
#   Whether the votes meet the need. It is counted here and nowhere else: when a vote is cast (`tally`) and before each step (`execute`).
#   Roles and groups are those that people have now; one person counts once, and may count for several groups.
quorum_holds if {
	count(_counted) >= current_need.needed
	count(_shortfalls) == 0
}

# METADATA
# title: The need that holds now
# description: >-
#   `execute`: what was approved and what the current policy needs, so that a new policy may tighten and never loosens. `tally`: what the
#   request asks for, and never less than its tier needs.
current_need := stricter(plan_approvals, input.approved) if input.question == "execute"

current_need := stricter(need_of_tier[input.tier], input.approvals) if input.question == "tally"

quorum_met := without_approval if current_need.needed == 0

quorum_met := {"rule": "quorum.met", "reason": _approvals_given} if current_need.needed > 0

# METADATA
# title: What is still missing, in words
quorum_words := concat("; ", array.concat([_approvals_given], sort(_shortfalls)))

# METADATA
# title: Why votes can never make a quorum
request_denials contains {"rule": "request.expired", "reason": "the request has expired"} if not unexpired

request_denials contains {"rule": "vote.rejected", "reason": reason} if {
	some vote in input.votes
	vote.verdict == "reject"
	reason := sprintf("rejected by %s", [vote.person])
}

request_denials contains {"rule": "vote.changes_requested", "reason": reason} if {
	some vote in input.votes
	vote.verdict == "request_changes"
	reason := sprintf("%s asked for changes", [vote.person])
}

_approvals_given := sprintf("%d of %d approvals", [count(_counted), current_need.needed])

_counted_votes := [vote |
	some vote in input.votes
	vote.verdict == "approve"
	is_string(vote.person)
	has_role(vote.roles, {role | some role in current_need.roles})
	not _own_vote(vote)
]

_counted := {vote.person | some vote in _counted_votes}

_own_vote(vote) if {
	current_need.excludeRequester
	asked_for_it(vote.person)
}

_shortfalls contains words if {
	some need in current_need.groups
	missing := need.needed - count(_counted_in(need.group))
	missing > 0
	words := sprintf("%d more from %s", [missing, need.group])
}

_counted_in(group) := {vote.person |
	some vote in _counted_votes
	group in vote.groups
}
