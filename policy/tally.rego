package policy.assistant.v1

# METADATA
# title: Whether the votes decide a request
# description: "`allow`: it is approved. `needs_approval`: not yet, and what is missing. `deny`: never, whoever approves."
tally_denials := request_denials | _unknown_tier

tally_decision := denial(tally_denials, _request_tier) if count(tally_denials) > 0

tally_decision := answer("allow", {quorum_met}, current_need, _request_tier) if {
	count(tally_denials) == 0
	quorum_holds
}

tally_decision := answer("needs_approval", {{"rule": "quorum.missing", "reason": quorum_words}}, current_need, _request_tier) if {
	count(tally_denials) == 0
	not quorum_holds
}

_unknown_tier contains {"rule": "vote.tier", "reason": "unknown tier"} if not known_tier
