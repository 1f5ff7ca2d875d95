package policy.assistant.v1

# METADATA
# title: Budgets
# description: A budget that is missing or not a number is used up; so is one whose use is not known.
budget_denials contains {"rule": "budget.steps_per_plan", "reason": "the plan has more steps than its budget"} if not _steps_within

budget_denials contains {"rule": "budget.writes_per_hour", "reason": "the writes of this hour are used up"} if not _writes_within

budget_denials contains {"rule": limit.rule, "reason": reason} if {
	some step in input.steps
	not _all_within(step)
	some limit in _step_limits
	not _within(step, limit)
	reason := sprintf("%s: %v %s, and the budget of one step is %v", [
		step.id,
		step.impact[limit.figure],
		limit.of,
		object.get(input, ["budgets", limit.budget], "missing"),
	])
}

budget_denials contains {"rule": "budget.impact", "reason": reason} if {
	some step in input.steps
	not _all_within(step)
	some limit in _step_limits
	not _counted_out(step, limit)
	reason := sprintf("%s: how much it changes is not known", [step.id])
}

_step_limits := [
	{"rule": "budget.targets_per_step", "figure": "targets", "budget": "targetsPerStep", "of": "targets"},
	{"rule": "budget.replicas_per_step", "figure": "replicas", "budget": "replicasPerStep", "of": "replicas"},
	{"rule": "budget.percent_per_step", "figure": "percent", "budget": "percentPerStep", "of": "percent of the workload"},
]

_steps_within if {
	is_number(input.budgets.stepsPerPlan)
	count(input.steps) <= input.budgets.stepsPerPlan
}

_writes_within if {
	is_number(input.budgets.writesPerHour)
	is_number(input.usage.writesLastHour)
	input.usage.writesLastHour + count(input.steps) <= input.budgets.writesPerHour
}

# Most steps are: at once is cheaper than limit by limit, which finds the reasons.
_all_within(step) if {
	impact := step.impact
	limits := input.budgets
	is_number(impact.targets)
	is_number(impact.replicas)
	is_number(impact.percent)
	is_number(limits.targetsPerStep)
	is_number(limits.replicasPerStep)
	is_number(limits.percentPerStep)
	impact.targets <= limits.targetsPerStep
	impact.replicas <= limits.replicasPerStep
	impact.percent <= limits.percentPerStep
}

_within(step, limit) if {
	is_number(input.budgets[limit.budget])
	is_number(step.impact[limit.figure])
	step.impact[limit.figure] <= input.budgets[limit.budget]
}

_counted_out(step, limit) if is_number(step.impact[limit.figure])
