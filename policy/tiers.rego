package policy.assistant.v1

# METADATA
# title: Risk tiers in order
# description: A plan's tier is the highest of its steps.
tier_ranks := {"read": 0, "low": 1, "medium": 2, "high": 3}

write_tiers := {"low", "medium", "high"}

_tier_names := ["read", "low", "medium", "high"]

# METADATA
# title: What a step counts as
# description: A step that cannot show beforehand what it would do costs one tier.
step_rank(step) := tier_ranks[step.tier] if step.hasDryRun == true

step_rank(step) := min({tier_ranks[step.tier] + 1, tier_ranks.high}) if step.hasDryRun == false

step_tier(step) := _tier_names[step_rank(step)]

default plan_tier := "high"

plan_tier := _tier_names[max({step_rank(step) | some step in input.steps})] if every step in input.steps {
	step_rank(step)
}

tier_reasons contains {"rule": "tier.dry_run", "reason": reason} if {
	some step in input.steps
	step.hasDryRun == false
	reason := sprintf("%s counts as %s: it has no dry run", [step.id, step_tier(step)])
}

tier_reasons contains {"rule": "tier.irreversible", "reason": reason} if {
	some step in input.steps
	step.reversible == false
	reason := sprintf("%s cannot be rolled back", [step.id])
}
