# METADATA
# title: Policy of the assistant
# description: >-
#   One question in, one decision out. Whatever is not known, not complete or not defined is denied. Risk comes from the registry,
#   time and people from the input: nothing here looks anything up.
package policy.assistant.v1

# METADATA
# title: Decision
# description: "{verdict: allow | deny | needs_approval, reasons, approvals: {needed, roles, excludeRequester}, tier}"
# entrypoint: true
default decision := {
	"verdict": "deny",
	"reasons": ["the question is unknown or cannot be answered"],
	"approvals": {"needed": 0, "roles": [], "excludeRequester": true},
	"tier": "high",
}

decision := read_decision if input.question == "read"

decision := ask_decision if input.question == "ask"

decision := plan_decision if input.question == "plan"

decision := vote_decision if input.question == "vote"

decision := execution_decision if input.question == "execute"

no_approvals := {"needed": 0, "roles": [], "excludeRequester": true}

denial(reasons, tier) := {"verdict": "deny", "reasons": sort(reasons), "approvals": no_approvals, "tier": tier}

allowance(reason, tier) := {"verdict": "allow", "reasons": [reason], "approvals": no_approvals, "tier": tier}
