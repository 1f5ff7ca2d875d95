package policy.assistant.v1

# METADATA
# title: Budgets
# description: A budget that is missing or not a number is used up.
budget_denials contains {"rule": "budget.steps_per_plan", "reason": "the plan has more steps than its budget"} if not _steps_within

budget_denials contains {"rule": "budget.writes_per_hour", "reason": "the writes of this hour are used up"} if not _writes_within

budget_denials contains {"rule": "budget.targets_per_step", "reason": reason} if {
	some step in input.steps
	not _targets_within(step)
	reason := sprintf("%s: more targets than the budget of one step", [step.id])
}

_steps_within if {
	is_number(input.budgets.stepsPerPlan)
	count(input.steps) <= input.budgets.stepsPerPlan
}

_writes_within if {
	is_number(input.budgets.writesPerHour)
	is_number(input.usage.writesLastHour)
	input.usage.writesLastHour + count(input.steps) <= input.budgets.writesPerHour
}

_targets_within(step) if {
	is_number(input.budgets.targetsPerStep)
	is_number(step.targetCount)
	step.targetCount <= input.budgets.targetsPerStep
}
