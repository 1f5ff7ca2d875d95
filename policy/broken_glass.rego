package policy.assistant.v1

# METADATA
# title: A glass that was broken
# description: It holds while it lasts, and while its person may still break it under the configuration of now.
glass_broken if {
	is_object(input.breakGlass)
	count(glass_refusals) == 0
}

glass_reason := {"rule": "break_glass.active", "reason": reason} if {
	glass_broken
	reason := sprintf("%s broke the glass: this stands in for the approvals", [input.breakGlass.person])
}

glass_refusals contains {"rule": "break_glass.off", "reason": "break-glass is off now"} if {
	is_object(input.breakGlass)
	not _settings_now
}

glass_refusals contains {"rule": "break_glass.expired", "reason": reason} if {
	is_object(input.breakGlass)
	_settings_now
	not _lasts
	reason := sprintf("the break-glass of %s does not last until now", [input.breakGlass.person])
}

glass_refusals contains {"rule": "break_glass.role", "reason": reason} if {
	is_object(input.breakGlass)
	_settings_now
	not _may_now
	reason := sprintf("%s may no longer break the glass", [input.breakGlass.person])
}

_settings_now if is_object(input.breakGlassSettings)

_may_now if has_role(input.breakGlass.roles, glass_roles(input.breakGlassSettings))

_lasts if {
	input.breakGlass.atMs <= input.nowMs
	input.nowMs < input.breakGlass.untilMs
	input.breakGlass.untilMs <= input.breakGlass.atMs + (glass_minutes(input.breakGlassSettings) * 60000)
}
