# METADATA
# title: Policy of the assistant
# description: >-
#   One question in, one decision out. Whatever is not known, not complete or not defined is denied. Risk comes from the registry,
#   time and people from the input: nothing here looks anything up.
package policy.assistant.v1

# METADATA
# title: Decision
# description: >-
#   {verdict: allow | deny | needs_approval, reasons, rules, approvals: {needed, roles, excludeRequester, groups}, tier}. Each reason is
#   given by the rule whose id has the same place in rules.
# entrypoint: true
default decision := {
	"verdict": "deny",
	"reasons": ["the question is unknown or cannot be answered"],
	"rules": ["question.unknown"],
	"approvals": {"needed": 0, "roles": [], "excludeRequester": true, "groups": []},
	"tier": "high",
}

decision := read_decision if input.question == "read"

decision := ask_decision if input.question == "ask"

decision := plan_decision if input.question == "plan"

decision := vote_decision if input.question == "vote"

decision := tally_decision if input.question == "tally"

decision := execution_decision if input.question == "execute"

decision := break_glass_decision if input.question == "break_glass"

decision := egress_decision if input.question == "llm_egress"

no_approvals := {"needed": 0, "roles": [], "excludeRequester": true, "groups": []}

denial(fired, tier) := answer("deny", fired, no_approvals, tier)

allowance(one, tier) := answer("allow", {one}, no_approvals, tier)

# METADATA
# title: An answer with its reasons
# description: "`fired` is a set of {rule, reason}; reasons are in alphabetical order."
answer(verdict, fired, approvals, tier) := {
	"verdict": verdict,
	"reasons": [pair[0] | some pair in by_reason],
	"rules": [pair[1] | some pair in by_reason],
	"approvals": approvals,
	"tier": tier,
} if {
	by_reason := sort({[one.reason, one.rule] | some one in fired})
}
