package policy.assistant.v1_test

import data.policy.assistant.v1

test_missing_freeze_calendar_denies if {
	v1.decision.verdict == "deny" with input as object.remove(data.testdata.bases.plan, ["freezes"])
}

test_freeze_without_times_holds if {
	freezes := [{"name": "open", "sites": ["shop"]}]
	decision := v1.decision with input as object.union(data.testdata.bases.plan, {"freezes": freezes})
	decision.verdict == "deny"
	decision.reasons == ["s1: freeze until further notice (open)"]
}
