package policy.assistant.v1_test

import data.policy.assistant.v1

_target := {"operation": "kubernetes.scale", "site": {"name": "shop", "environment": "production"}, "namespace": null, "service": null}

test_rule_that_names_nothing_speaks_of_everything if v1.speaks_of({}, _target)

test_rule_that_names_something_else_does_not_speak[field] if {
	some field in ["operation", "site", "environment", "namespace", "service"]
	not v1.speaks_of({field: "other"}, _target)
	v1.speaks_of({field: "*"}, _target)
}

test_rules_without_windows_hold_whatever_the_time if {
	rules := [{"mode": "deny"}, {"mode": "automatic"}]
	v1.current_rules == rules with input as {"autonomy": {"rules": rules}}
}

test_missing_rules_are_none if v1.current_rules == [] with input as {}
