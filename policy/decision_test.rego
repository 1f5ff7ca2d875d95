package policy.assistant.v1_test

import data.policy.assistant.v1

# Every row of the decision table; the same rows go through the wasm in decide.test.ts.
test_table[row.name] if {
	some row in data.testdata.decisions
	actual := v1.decision with input as _input_of(row)
	every field, value in row.want {
		actual[field] == value
	}
}

test_unknown_question_is_denied if {
	v1.decision.verdict == "deny" with input as {"question": "why"}
}

test_empty_input_is_denied if {
	v1.decision.verdict == "deny" with input as {}
}

_input_of(row) := object.union(_with_change(row), {"steps": _steps_of(row)}) if row.steps

_input_of(row) := _with_change(row) if not row.steps

_with_change(row) := object.union(data.testdata.bases[row.base], object.get(row, "with", {}))

_steps_of(row) := [object.union(data.testdata.step, change) | some change in row.steps]
