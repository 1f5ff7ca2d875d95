package policy.assistant.v1_test

import data.policy.assistant.v1

# A step that lacks any of its fields, one after the other, never passes.
test_incomplete_step_is_denied[field] if {
	some field in [
		"id", "operation", "known", "tier", "site", "namespace", "service", "owners", "impact", "hasDryRun", "reversible", "ownership",
	]
	step := object.remove(data.testdata.step, [field])
	v1.decision.verdict == "deny" with input as object.union(data.testdata.bases.plan, {"steps": [step]})
}

test_incomplete_step_says_so if {
	step := object.remove(data.testdata.step, ["hasDryRun"])
	decision := v1.decision with input as object.union(data.testdata.bases.plan, {"steps": [step]})
	decision.reasons == ["a step is incomplete"]
}

test_missing_steps_are_denied if {
	v1.decision.verdict == "deny" with input as object.remove(data.testdata.bases.plan, ["steps"])
}
