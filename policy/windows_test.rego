package policy.assistant.v1_test

import data.policy.assistant.v1

test_missing_change_windows_deny if {
	decision := v1.decision with input as object.remove(data.testdata.bases.plan, ["windows"])
	decision.rules == ["window.calendar"]
}

test_window_without_hours_is_closed if {
	decision := v1.decision with input as object.union(data.testdata.bases.plan, {"windows": [{"name": "half"}]})
	decision.reasons == ["s1: runs only in a change window, and none is open: half (no hours)"]
}
