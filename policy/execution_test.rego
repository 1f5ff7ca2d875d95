package policy.assistant.v1_test

import data.policy.assistant.v1

test_execution_with_a_missing_field_is_denied[field] if {
	some field in ["nowMs", "votes", "approved", "requestHashMatches", "expiresMs", "steps", "budgets", "freezes", "windows"]
	v1.decision.verdict == "deny" with input as object.remove(data.testdata.bases.execute, [field])
}
