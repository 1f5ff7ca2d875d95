package policy.assistant.v1_test

import data.policy.assistant.v1

_with_owner(base, ownership) := object.union(data.testdata.bases[base], {"steps": [object.union(data.testdata.step, {"ownership": ownership})]})

_argo := {"kind": "git", "by": "Argo CD application web"}

_breaker := {"person": "dave", "roles": ["admin"], "atMs": 1763942340000, "untilMs": 1763943000000}

test_owned_target_is_refused_in_favour_of_a_pull_request if {
	decision := v1.decision with input as _with_owner("plan", _argo)
	decision.verdict == "deny"
	decision.rules == ["ownership.git"]
	contains(decision.reasons[0], "owned by Git (Argo CD application web)")
	contains(decision.reasons[0], "pull request")
}

test_unknown_owner_is_refused[ownership] if {
	some ownership in [{"kind": "unknown", "by": null}, {"kind": "git", "by": null}, {"by": "x"}, {}, null, "git"]
	step := object.union(object.remove(data.testdata.step, ["ownership"]), {"ownership": ownership})
	decision := v1.decision with input as object.union(data.testdata.bases.plan, {"steps": [step]})
	decision.verdict == "deny"
	"ownership.unknown" in decision.rules
}

test_rule_of_the_configuration_speaks_for_git if {
	rule := {"autonomy": {"rules": [{"mode": "pull_request", "namespace": "shop"}]}}
	owned := object.union(_with_owner("plan", {"kind": "none", "by": null}), rule)
	decision := v1.decision with input as owned
	decision.rules == ["ownership.git"]
	apart := v1.decision with input as object.union(_with_owner("plan", {"kind": "apart", "by": null}), rule)
	apart.verdict == "needs_approval"
}

test_where_the_glass_can_be_broken_a_plan_says_so if {
	asked := object.union(_with_owner("plan", _argo), {"breakGlassSettings": {"roles": ["admin"], "maxMinutes": 60}})
	decision := v1.decision with input as asked
	decision.verdict == "needs_approval"
	"ownership.git" in decision.rules
}

test_votes_do_not_override if {
	decision := v1.decision with input as _with_owner("execute", _argo)
	decision.verdict == "deny"
	decision.rules == ["ownership.git"]
}

test_broken_glass_overrides if {
	decision := v1.decision with input as object.union(_with_owner("execute", _argo), {"votes": [], "breakGlass": _breaker})
	decision.verdict == "allow"
}

test_owned_target_is_never_automatic if {
	rules := {"autonomy": {"rules": [{"mode": "automatic"}]}, "breakGlassSettings": {"roles": ["admin"], "maxMinutes": 60}}
	low := object.union(data.testdata.step, {"ownership": _argo, "tier": "low"})
	decision := v1.decision with input as object.union(data.testdata.bases.plan, object.union(rules, {"steps": [low]}))
	decision.verdict == "needs_approval"
}
