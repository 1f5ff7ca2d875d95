package policy.assistant.v1_test

import data.policy.assistant.v1

_glass := {"person": "dave", "roles": ["admin"], "atMs": 1763942400000, "untilMs": 1763942400001}

_broken(glass) := object.union(data.testdata.bases.execute, {"votes": [], "breakGlass": glass})

test_whole_glass_holds if v1.decision.verdict == "allow" with input as _broken(_glass)

test_glass_with_a_missing_field_does_not_hold[field] if {
	some field in ["roles", "atMs", "untilMs"]
	v1.decision.verdict == "deny" with input as _broken(object.remove(_glass, [field]))
}

test_glass_without_settings_does_not_hold[settings] if {
	some settings in [null, {}, {"roles": ["admin"]}, {"maxMinutes": 60}]
	question := object.union(object.remove(_broken(_glass), ["breakGlassSettings"]), {"breakGlassSettings": settings})
	v1.decision.verdict == "deny" with input as question
}

test_glass_without_time_does_not_hold if {
	v1.decision.verdict == "deny" with input as object.remove(_broken(_glass), ["nowMs"])
}
