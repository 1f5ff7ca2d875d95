package policy.assistant.v1

# METADATA
# title: Local time
# description: >-
#   Clocks come in the input, one for each time zone: the wasm has none. Where a clock is missing no window is open, and a rule that
#   tightens holds.
open_now(window) if {
	clock := _clock(window)
	window.fromMinute < window.toMinute
	clock.day in window.days
	clock.minute >= window.fromMinute
	clock.minute < window.toMinute
}

# Over midnight: the days are those on which the window begins.
open_now(window) if {
	clock := _clock(window)
	window.fromMinute > window.toMinute
	clock.day in window.days
	clock.minute >= window.fromMinute
}

open_now(window) if {
	clock := _clock(window)
	window.fromMinute > window.toMinute
	((clock.day + 6) % 7) in window.days
	clock.minute < window.toMinute
}

clock_known(window) if _clock(window)

_clock(window) := input.clocks[object.get(window, "timezone", "UTC")]
