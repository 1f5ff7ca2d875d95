package policy.assistant.v1

# METADATA
# title: Rules of the configuration that speak of a target
# description: >-
#   A target is {operation, tier, site}. A field that a rule leaves out, or that is `*`, matches everything; a rule with
#   windows holds within one of them only.
rules_for(target, mode) := [rule |
	some rule in input.autonomy.rules
	rule.mode == mode
	object.get(rule, "operation", "*") in {"*", target.operation}
	object.get(rule, "site", "*") in {"*", target.site.name}
	object.get(rule, "environment", "*") in {"*", target.site.environment}
	object.get(rule, "tier", "*") in {"*", target.tier}
	_in_window(rule)
]

denied_by_rule(target) if count(rules_for(target, "deny")) > 0

# METADATA
# title: Runs without anybody's approval
# description: Only what is low, and still low after its dry run was asked for.
automatic(step) if {
	step_tier(step) == "low"
	count(rules_for(_target(step), "automatic")) > 0
}

# METADATA
# title: How many approvals the configuration asks for, at least
required_by_rule(step) := max({0} | {rule.needed | some rule in rules_for(_target(step), "require")})

autonomy_denials contains {"rule": "autonomy.denied", "reason": reason} if {
	some step in input.steps
	denied_by_rule(_target(step))
	reason := sprintf("%s: the configuration denies %s on %s", [step.id, step.operation, step.site.name])
}

_target(step) := {"operation": step.operation, "tier": step_tier(step), "site": step.site}

_in_window(rule) if not rule.windows

_in_window(rule) if {
	some window in rule.windows
	_day in window.days
	_minute >= window.fromMinute
	_minute < window.toMinute
}

# Minute of the UTC day. The division is exact, since wasm has no floor.
_minute := (_day_ms - (_day_ms % 60000)) / 60000

_day_ms := input.nowMs % 86400000

# 0 is Sunday; 1 January 1970 was a Thursday.
_day := (((input.nowMs - _day_ms) / 86400000) + 4) % 7
