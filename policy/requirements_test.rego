package policy.assistant.v1_test

import data.policy.assistant.v1

_plan(rules) := object.union(data.testdata.bases.plan, {"autonomy": {"rules": rules}})

test_requirements_add_up if {
	rules := [
		{"mode": "require", "needed": 3},
		{"mode": "require", "roles": ["admin"]},
		{"mode": "require", "groups": [{"group": "platform", "needed": 1}], "owners": 2},
	]
	decision := v1.decision with input as _plan(rules)
	decision.approvals == {
		"needed": 3,
		"roles": ["admin"],
		"excludeRequester": true,
		"groups": [{"group": "owners:checkout", "needed": 2}, {"group": "platform", "needed": 1}],
	}
}

test_requirement_of_another_step_counts_for_the_plan if {
	steps := [data.testdata.step, object.union(data.testdata.step, {"id": "s2", "service": "cart"})]
	rules := [{"mode": "require", "service": "cart", "roles": ["admin"]}]
	decision := v1.decision with input as object.union(_plan(rules), {"steps": steps})
	decision.approvals.roles == ["admin"]
}
