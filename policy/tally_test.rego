package policy.assistant.v1_test

import data.policy.assistant.v1

test_tally_with_a_missing_field_approves_nothing[field] if {
	some field in ["nowMs", "votes", "approvals", "tier", "expiresMs"]
	decision := v1.decision with input as object.remove(data.testdata.bases.tally, [field])
	decision.verdict != "allow"
}
