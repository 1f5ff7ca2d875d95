package policy.assistant.v1_test

import data.policy.assistant.v1

test_egress_with_a_missing_field_is_denied[field] if {
	some field in ["provider", "dataClass", "rules"]
	v1.decision.verdict == "deny" with input as object.remove(data.testdata.bases.llm_egress, [field])
}
