package policy.assistant.v1_test

import data.policy.assistant.v1

_step := {"site": {"name": "shop", "environment": "production"}, "service": null}

test_entry_without_lists_covers_everything if v1.covers({}, _step)

test_every_list_has_to_hold_the_target if {
	v1.covers({"sites": ["shop", "other"], "environments": ["production"]}, _step)
	not v1.covers({"sites": ["shop"], "environments": ["staging"]}, _step)
}

test_no_service_is_in_no_list_but_the_star if {
	not v1.covers({"services": ["checkout"]}, _step)
	v1.covers({"services": ["*"]}, _step)
}

test_empty_list_covers_nothing if not v1.covers({"sites": []}, _step)
