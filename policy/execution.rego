package policy.assistant.v1

# METADATA
# title: Whether a step may run now
# description: >-
#   The current policy and the need that was approved hold together: the stricter of both, so that a new policy may tighten
#   and never loosens. Roles of votes are those that the people have now.
execution_denials := plan_denials | _vote_state_denials

execution_decision := denial(execution_denials, plan_tier) if count(execution_denials) > 0

execution_decision := answer("allow", {_quorum_met} | tier_reasons, _needs_now, plan_tier) if {
	count(execution_denials) == 0
}

_vote_state_denials contains {"rule": "request.hash", "reason": "the request is not the one that was approved"} if not input.requestHashMatches == true

_vote_state_denials contains {"rule": "request.expired", "reason": "the request has expired"} if not unexpired

_vote_state_denials contains {"rule": "vote.rejected", "reason": reason} if {
	some vote in input.votes
	vote.verdict == "reject"
	reason := sprintf("rejected by %s", [vote.person])
}

_vote_state_denials contains {"rule": "vote.changes_requested", "reason": reason} if {
	some vote in input.votes
	vote.verdict == "request_changes"
	reason := sprintf("%s asked for changes", [vote.person])
}

_vote_state_denials contains {"rule": "quorum.missing", "reason": "not enough approvals count now"} if not _quorum_holds

_quorum_holds if count(_counted) >= _needs_now.needed

_counted contains vote.person if {
	some vote in input.votes
	vote.verdict == "approve"
	is_string(vote.person)
	has_role(vote.roles, {role | some role in _needs_now.roles})
	not _own_vote(vote)
}

_own_vote(vote) if {
	_needs_now.excludeRequester
	vote.person == input.requester
}

_needs_now := {
	"needed": max({plan_approvals.needed, input.approved.needed}),
	"roles": sort({role | some role in plan_approvals.roles} & {role | some role in input.approved.roles}),
	"excludeRequester": true in {plan_approvals.excludeRequester, input.approved.excludeRequester},
}

_quorum_met := without_approval if _needs_now.needed == 0

_quorum_met := {"rule": "quorum.met", "reason": reason} if {
	_needs_now.needed > 0
	reason := sprintf("%d of %d approvals", [count(_counted), _needs_now.needed])
}
