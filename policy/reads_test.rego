package policy.assistant.v1_test

import data.policy.assistant.v1

test_read_without_a_site_is_denied if {
	decision := v1.decision with input as object.remove(data.testdata.bases.read, ["site"])
	decision.verdict == "deny"
	"the site is not named" in decision.reasons
}

test_read_without_a_subject_is_denied if {
	v1.decision.verdict == "deny" with input as object.remove(data.testdata.bases.read, ["subject"])
}

test_read_without_an_operation_is_denied if {
	v1.decision.verdict == "deny" with input as object.remove(data.testdata.bases.read, ["operation"])
}
