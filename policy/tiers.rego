package policy.assistant.v1

# METADATA
# title: Risk tiers in order
# description: A plan's tier is the highest of its steps.
tier_ranks := {"read": 0, "low": 1, "medium": 2, "high": 3}

write_tiers := {"low", "medium", "high"}

_tier_names := ["read", "low", "medium", "high"]

# METADATA
# title: What a step counts as
# description: >-
#   {step, shown, tier, rules}: worked out once for each step. A step that cannot show beforehand what it would do costs one tier
#   (`shown`); configuration raises it further (`tier`) and never lowers it. `rules` are those that speak of it.
assessments := [{"step": step, "shown": shown, "tier": tier, "rules": rules} |
	some step in input.steps
	speaking := [rule | some rule in current_rules; speaks_of(rule, step)]
	shown := _tier_names[_shown_rank(step)]
	tier := _raised(shown, {tier_ranks[rule.to] | some rule in speaking; rule.mode == "raise"; of_tier(rule, shown, shown)})
	rules := [rule | some rule in speaking; of_tier(rule, shown, tier)]
]

_shown_rank(step) := tier_ranks[step.tier] if step.hasDryRun == true

_shown_rank(step) := min({tier_ranks[step.tier] + 1, tier_ranks.high}) if step.hasDryRun == false

_raised(shown, ranks) := _tier_names[max({tier_ranks[shown]} | ranks)]

default plan_tier := "high"

plan_tier := _tier_names[max({tier_ranks[assessment.tier] | some assessment in assessments})] if {
	count(assessments) == count(input.steps)
}

tier_reasons contains {"rule": "tier.dry_run", "reason": reason} if {
	some assessment in assessments
	assessment.step.hasDryRun == false
	reason := sprintf("%s counts as %s: it has no dry run", [assessment.step.id, assessment.shown])
}

tier_reasons contains {"rule": "tier.raised", "reason": reason} if {
	some assessment in assessments
	assessment.tier != assessment.shown
	reason := sprintf("%s counts as %s: the configuration raises it", [assessment.step.id, assessment.tier])
}

tier_reasons contains {"rule": "tier.irreversible", "reason": reason} if {
	some step in input.steps
	step.reversible == false
	reason := sprintf("%s cannot be rolled back", [step.id])
}

# METADATA
# title: The tier of a request
# description: Of those questions that name it instead of steps.
known_tier if input.tier in write_tiers

default _request_tier := "high"

_request_tier := input.tier if known_tier
