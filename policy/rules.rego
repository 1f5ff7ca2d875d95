package policy.assistant.v1

# METADATA
# title: Rules of the configuration that speak of a target
# description: >-
#   A target is {operation, site, namespace, service}. A field that a rule leaves out, or that is `*`, matches everything; the tier is
#   looked at apart, since rules change it.
speaks_of(rule, target) if {
	object.get(rule, "operation", "*") in {"*", target.operation}
	object.get(rule, "site", "*") in {"*", target.site.name}
	object.get(rule, "environment", "*") in {"*", target.site.environment}
	object.get(rule, "namespace", "*") in {"*", target.namespace}
	object.get(rule, "service", "*") in {"*", target.service}
}

# METADATA
# title: Rules that speak of a tier
# description: >-
#   A step that was raised is of every tier from the one that it shows to the one that it counts as: raising it takes no rule off it.
of_tier(rule, _, _) if object.get(rule, "tier", "*") == "*"

of_tier(rule, shown, counted) if {
	rank := tier_ranks[rule.tier]
	rank >= tier_ranks[shown]
	rank <= tier_ranks[counted]
}

# METADATA
# title: Rules that hold now
# description: A rule with windows holds within one of them only.
current_rules := [rule | some rule in input.autonomy.rules; _holds_now(rule)]

_holds_now(rule) if not rule.windows

_holds_now(rule) if {
	some window in rule.windows
	open_now(window)
}

_holds_now(rule) if {
	rule.mode != "automatic"
	some window in rule.windows
	not clock_known(window)
}
