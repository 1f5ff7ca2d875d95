package policy.assistant.v1_test

import data.policy.assistant.v1

# Every row of the decision table, by question; the same rows go through the wasm in decide.test.ts.
test_table_read[row.name] if {
	some row in _rows("read")
	_holds(row)
}

test_table_ask[row.name] if {
	some row in _rows("ask")
	_holds(row)
}

test_table_plan[row.name] if {
	some row in _rows("plan")
	_holds(row)
}

test_table_vote[row.name] if {
	some row in _rows("vote")
	_holds(row)
}

test_table_tally[row.name] if {
	some row in _rows("tally")
	_holds(row)
}

test_table_execute[row.name] if {
	some row in _rows("execute")
	_holds(row)
}

test_table_break_glass[row.name] if {
	some row in _rows("break_glass")
	_holds(row)
}

test_table_llm_egress[row.name] if {
	some row in _rows("llm_egress")
	_holds(row)
}

test_every_row_has_a_question_that_is_looked_at if {
	{row.base | some row in data.testdata.decisions} == {
		"read", "ask", "plan", "vote", "tally", "execute", "break_glass", "llm_egress",
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

_rows(base) := [row | some row in data.testdata.decisions; row.base == base]

_holds(row) if {
	actual := v1.decision with input as _input_of(row)
	every field, value in row.want {
		actual[field] == value
	}
}
