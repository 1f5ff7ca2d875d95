package policy.assistant.v1

# METADATA
# title: Change windows
# description: Where windows speak of a step's target, it runs inside one of them only; `hours` are the window in words.
window_denials contains {"rule": "window.calendar", "reason": "the change windows are missing"} if not _windows_known

window_denials contains {"rule": "window.closed", "reason": reason} if {
	count(input.windows) > 0
	some step in input.steps
	speaking := [window | some window in input.windows; covers(window, step)]
	count(speaking) > 0
	not _any_open(speaking)
	names := [sprintf("%s (%s)", [window.name, object.get(window, "hours", "no hours")]) | some window in speaking]
	reason := sprintf("%s: runs only in a change window, and none is open: %s", [step.id, concat("; ", names)])
}

_windows_known if is_array(input.windows)

_any_open(windows) if {
	some window in windows
	open_now(window)
}
