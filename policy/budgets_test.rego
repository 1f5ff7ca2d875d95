package policy.assistant.v1_test

import data.policy.assistant.v1

test_missing_budget_denies[field] if {
	some field in ["stepsPerPlan", "targetsPerStep", "writesPerHour"]
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
