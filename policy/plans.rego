package policy.assistant.v1

# METADATA
# title: Everything that forbids a plan
plan_denials := ((((target_denials | autonomy_denials) | budget_denials) | freeze_denials) | window_denials) | ownership_denials

# METADATA
# title: The answer about a plan
plan_decision := denial(plan_denials, plan_tier) if count(plan_denials) > 0

plan_decision := answer(_plan_verdict, ((approval_reasons | tier_reasons) | ownership_reasons), plan_approvals, plan_tier) if {
	count(plan_denials) == 0
}

_plan_verdict := "allow" if plan_approvals.needed == 0

_plan_verdict := "needs_approval" if plan_approvals.needed > 0
