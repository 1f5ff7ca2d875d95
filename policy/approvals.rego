package policy.assistant.v1

# METADATA
# title: What a plan needs
# description: >-
#   The most that any of its steps needs, from people with a role of the plan's tier. Configuration adds approvals, narrows who may
#   give them, and makes what is low automatic; it takes away nothing else.
plan_approvals := {
	"needed": max(((_tier_needs | required_approvals) | {need.needed | some need in required_groups})),
	"roles": sort(required_roles),
	"excludeRequester": _requester_excluded_by_plan,
	"groups": required_groups,
}

# METADATA
# title: Approvals by tier
quorum_of_tier := {"low": 1, "medium": 1, "high": 2}

_tier_needs := {0} | {quorum_of_tier[assessment.tier] | some assessment in assessments; not automatic(assessment)}

default _requester_excluded_by_plan := true

_requester_excluded_by_plan := false if {
	plan_tier == "low"
	not required_separation
}

approval_reasons contains {"rule": _approval_rule, "reason": reason} if {
	plan_approvals.needed > 0
	reason := concat("", [
		"needs ",
		format_int(plan_approvals.needed, 10),
		_approvals_by[plan_tier][min({plan_approvals.needed, 2})],
		": tier ",
		plan_tier,
		" on ",
		_environments,
	])
}

approval_reasons contains {"rule": "autonomy.groups", "reason": reason} if {
	some need in plan_approvals.groups
	reason := sprintf("at least %d of the approvals from %s", [need.needed, need.group])
}

approval_reasons contains {"rule": "autonomy.roles", "reason": reason} if {
	count(required_roles) < count(approver_roles[plan_tier])
	reason := sprintf("only approvals of the role %s count: the configuration asks for it", [concat(" or ", plan_approvals.roles)])
}

approval_reasons contains {
	"rule": "autonomy.separate_duties",
	"reason": "the requester's own approval does not count: the configuration asks for it",
} if {
	plan_tier == "low"
	required_separation
}

approval_reasons contains without_approval if plan_approvals.needed == 0

without_approval := {
	"rule": "autonomy.automatic",
	"reason": "runs without approval: the configuration makes it automatic",
}

_approval_rule := "autonomy.required" if plan_approvals.needed > quorum_of_tier[plan_tier]

_approval_rule := concat(".", ["tier", plan_tier]) if plan_approvals.needed <= quorum_of_tier[plan_tier]

# One approval, and several.
_approvals_by := {
	"low": {
		1: " approval by a responder, approver or admin",
		2: " approvals by distinct responders, approvers or admins",
	},
	"medium": {
		1: " approval by someone other than the requester",
		2: " approvals by distinct people other than the requester",
	},
	"high": {
		1: " approval by an approver other than the requester",
		2: " approvals by distinct approvers other than the requester",
	},
}

_environments := concat(", ", sort({step.site.environment | some step in input.steps}))
