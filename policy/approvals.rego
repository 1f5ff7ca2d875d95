package policy.assistant.v1

# METADATA
# title: What a plan needs
# description: >-
#   The most that any of its steps needs, from people with a role of the plan's tier. Configuration adds approvals and makes
#   what is low automatic; it takes away nothing else.
plan_approvals := {
	"needed": max({_needed(step) | some step in input.steps}),
	"roles": sort(approver_roles[plan_tier]),
	"excludeRequester": plan_tier != "low",
}

approval_reasons contains {"rule": _approval_rule, "reason": reason} if {
	plan_approvals.needed > 0
	reason := sprintf("needs %d %s by %s: tier %s on %s", [
		plan_approvals.needed,
		_noun(plan_approvals.needed),
		_by[plan_tier],
		plan_tier,
		_environments,
	])
}

approval_reasons contains without_approval if plan_approvals.needed == 0

without_approval := {
	"rule": "autonomy.automatic",
	"reason": "runs without approval: the configuration makes it automatic",
}

_approval_rule := "autonomy.required" if plan_approvals.needed > _quorum[plan_tier]

_approval_rule := sprintf("tier.%s", [plan_tier]) if plan_approvals.needed <= _quorum[plan_tier]

_needed(step) := max({_quorum[step_tier(step)], required_by_rule(step)}) if not automatic(step)

_needed(step) := required_by_rule(step) if automatic(step)

_quorum := {"low": 1, "medium": 1, "high": 2}

_noun(1) := "approval"

_noun(n) := "approvals" if n != 1

_by := {
	"low": "a responder, approver or admin",
	"medium": "someone other than the requester",
	"high": "distinct approvers other than the requester",
}

_environments := concat(", ", sort({step.site.environment | some step in input.steps}))
