package policy.assistant.v1_test

import data.policy.assistant.v1

_one := {"needed": 1, "roles": ["admin", "approver"], "excludeRequester": true, "groups": [{"group": "a", "needed": 2}]}

_other := {
	"needed": 1,
	"roles": ["approver", "responder"],
	"excludeRequester": false,
	"groups": [{"group": "a", "needed": 1}, {"group": "b", "needed": 1}],
}

test_stricter_in_every_part if {
	v1.stricter(_one, _other) == {
		"needed": 2,
		"roles": ["approver"],
		"excludeRequester": true,
		"groups": [{"group": "a", "needed": 2}, {"group": "b", "needed": 1}],
	}
}

test_order_does_not_matter if v1.stricter(_one, _other) == v1.stricter(_other, _one)

test_need_without_groups_asks_for_none if v1.stricter(_one, object.remove(_other, ["groups"])).groups == _one.groups

test_low_may_need_nobody_and_the_others_may_not if {
	v1.need_of_tier.low.needed == 0
	v1.need_of_tier.medium.needed == 1
	v1.need_of_tier.high.needed == 2
}
