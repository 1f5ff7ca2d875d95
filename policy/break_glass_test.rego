package policy.assistant.v1_test

import data.policy.assistant.v1

test_break_glass_with_a_missing_field_is_denied[field] if {
	some field in ["nowMs", "subject", "loginMs", "reason", "tier", "minutes", "settings"]
	v1.decision.verdict == "deny" with input as object.remove(data.testdata.bases.break_glass, [field])
}

test_break_glass_with_a_missing_flag_is_denied[flag] if {
	some flag in ["serviceToken", "foreignTeam", "guest", "bot", "deactivated", "person", "roles"]
	subject := object.remove(data.testdata.bases.break_glass.subject, [flag])
	question := object.union(object.remove(data.testdata.bases.break_glass, ["subject"]), {"subject": subject})
	v1.decision.verdict == "deny" with input as question
}

test_settings_without_limits_let_nobody if {
	v1.decision.verdict == "deny" with input as object.union(
		object.remove(data.testdata.bases.break_glass, ["settings"]),
		{"settings": {}},
	)
}
