package policy.assistant.v1_test

import data.policy.assistant.v1

test_missing_budget_denies[field] if {
	some field in ["stepsPerPlan", "targetsPerStep", "replicasPerStep", "percentPerStep", "writesPerHour"]
	budgets := object.remove(data.testdata.bases.plan.budgets, [field])
	question := object.union(object.remove(data.testdata.bases.plan, ["budgets"]), {"budgets": budgets})
	v1.decision.verdict == "deny" with input as question
}

test_missing_usage_denies if {
	v1.decision.verdict == "deny" with input as object.remove(data.testdata.bases.plan, ["usage"])
}

test_words_are_no_budget if {
	v1.decision.verdict == "deny" with input as object.union(data.testdata.bases.plan, {"budgets": {"stepsPerPlan": "many"}})
}

test_missing_budget_says_so if {
	budgets := object.remove(data.testdata.bases.plan.budgets, ["replicasPerStep"])
	decision := v1.decision with input as object.union(object.remove(data.testdata.bases.plan, ["budgets"]), {"budgets": budgets})
	decision.reasons == ["s1: 3 replicas, and the budget of one step is missing"]
}

test_missing_figure_denies[figure] if {
	some figure in ["targets", "replicas", "percent"]
	impact := object.remove(data.testdata.step.impact, [figure])
	step := object.union(object.remove(data.testdata.step, ["impact"]), {"impact": impact})
	decision := v1.decision with input as object.union(data.testdata.bases.plan, {"steps": [step]})
	decision.rules == ["budget.impact"]
}
