package policy.assistant.v1

# METADATA
# title: Whether a step may run now
# description: >-
#   Everything that forbids a plan, and everything that forbids the request. A broken glass stands in for the quorum, and for nothing else.
execution_denials := ((plan_denials | request_denials) | _approval_denials) | _hash_denials

execution_decision := denial(execution_denials, plan_tier) if count(execution_denials) > 0

execution_decision := answer("allow", {_permitted} | tier_reasons, current_need, plan_tier) if {
	count(execution_denials) == 0
}

_hash_denials contains {
	"rule": "request.hash",
	"reason": "the request is not the one that was approved",
} if not input.requestHashMatches == true

_approval_denials contains {"rule": "quorum.missing", "reason": reason} if {
	not quorum_holds
	not glass_broken
	reason := concat("", ["not enough approvals count now: ", quorum_words])
}

_approval_denials contains refusal if {
	not quorum_holds
	some refusal in glass_refusals
}

_permitted := quorum_met if quorum_holds

_permitted := glass_reason if not quorum_holds
