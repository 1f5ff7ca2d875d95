package policy.assistant.v1

# METADATA
# title: Who may break the glass
# description: >-
#   Somebody who proved a moment ago who they are, has a role that the configuration and this policy accept, and says why. For an hour at
#   most, whatever the configuration says.
break_glass_denials := barred | _glass_denials

break_glass_decision := denial(break_glass_denials, _request_tier) if count(break_glass_denials) > 0

break_glass_decision := allowance({"rule": "break_glass.granted", "reason": reason}, _request_tier) if {
	count(break_glass_denials) == 0
	reason := sprintf("%s may break the glass for %d minutes", [input.subject.person, input.minutes])
}

_glass_denials contains {"rule": "break_glass.off", "reason": "break-glass is off"} if not _glass_settings

_glass_denials contains {"rule": "vote.tier", "reason": "unknown tier"} if not known_tier

_glass_denials contains {
	"rule": "break_glass.service_token",
	"reason": "a service token never breaks the glass",
} if not input.subject.serviceToken == false

_glass_denials contains {"rule": "break_glass.role", "reason": reason} if {
	_glass_settings
	not _may_break
	reason := sprintf("breaking the glass takes the role %s", [concat(" or ", sort(glass_roles(input.settings)))])
}

_glass_denials contains {"rule": "break_glass.login", "reason": "break-glass takes a login of the last 5 minutes"} if not _fresh_login

_glass_denials contains {"rule": "break_glass.reason", "reason": "break-glass takes a reason of at least 10 characters"} if not _explained

_glass_denials contains {"rule": "break_glass.minutes", "reason": reason} if {
	_glass_settings
	not _short_enough
	reason := sprintf("break-glass lasts 1 to %d minutes", [glass_minutes(input.settings)])
}

_glass_settings if is_object(input.settings)

_may_break if has_role(input.subject.roles, glass_roles(input.settings))

_fresh_login if {
	is_number(input.loginMs)
	input.loginMs <= input.nowMs
	input.nowMs - input.loginMs <= 300000
}

_explained if count(trim_space(input.reason)) >= 10

_short_enough if {
	input.minutes >= 1
	input.minutes <= glass_minutes(input.settings)
}

glass_roles(settings) := {role | some role in settings.roles} & {"admin", "approver"}

glass_minutes(settings) := min({settings.maxMinutes, 60})
