package policy.assistant.v1_test

import data.policy.assistant.v1

_low := object.union(data.testdata.bases.plan, {"steps": [object.union(data.testdata.step, {"tier": "low"})]})

test_missing_configuration_makes_nothing_automatic if {
	v1.decision.verdict == "needs_approval" with input as object.remove(_low, ["autonomy"])
}

test_rule_of_unknown_mode_makes_nothing_automatic if {
	v1.decision.verdict == "needs_approval" with input as object.union(_low, {"autonomy": {"rules": [{"mode": "always"}]}})
}
