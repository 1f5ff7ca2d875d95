package policy.assistant.v1_test

import data.policy.assistant.v1

_window := {"days": [0], "fromMinute": 1320, "toMinute": 240, "timezone": "Europe/Berlin"}

_at(day, minute) := {"clocks": {"Europe/Berlin": {"day": day, "minute": minute}}}

test_window_over_midnight_belongs_to_the_day_on_which_it_begins if {
	v1.open_now(_window) with input as _at(0, 1320)
	v1.open_now(_window) with input as _at(0, 1439)
	v1.open_now(_window) with input as _at(1, 0)
	v1.open_now(_window) with input as _at(1, 239)
	not v1.open_now(_window) with input as _at(1, 240)
	not v1.open_now(_window) with input as _at(6, 1320)
	not v1.open_now(_window) with input as _at(0, 0)
}

test_saturday_night_ends_on_sunday if {
	v1.open_now(object.union(_window, {"days": [6]})) with input as _at(0, 0)
}

test_window_without_its_clock_is_closed if not v1.open_now(_window) with input as {"clocks": {"UTC": {"day": 0, "minute": 1320}}}

test_window_without_a_time_zone_goes_by_utc if {
	window := object.remove(_window, ["timezone"])
	v1.open_now(window) with input as {"clocks": {"UTC": {"day": 0, "minute": 1320}}}
	not v1.open_now(window) with input as _at(0, 1320)
}
