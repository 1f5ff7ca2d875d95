package policy.assistant.v1

# METADATA
# title: Whether a vote is recorded
# description: What is recorded counts. Whoever takes part may reject or ask for changes; approving takes a role of the tier.
vote_denials := barred | _ballot_denials

vote_decision := denial(vote_denials, _request_tier) if count(vote_denials) > 0

vote_decision := allowance({"rule": "vote.counts", "reason": "the vote counts"}, _request_tier) if count(vote_denials) == 0

_ballot_denials contains {"rule": "vote.service_token", "reason": "a service token never votes"} if not input.subject.serviceToken == false

_ballot_denials contains {"rule": "vote.role", "reason": "voting takes the role responder, approver or admin"} if not participates

_ballot_denials contains {"rule": "request.expired", "reason": "the request has expired"} if not unexpired

_ballot_denials contains {"rule": "vote.verdict", "reason": "unknown verdict"} if not _known_verdict

_ballot_denials contains {"rule": "vote.tier", "reason": "unknown tier"} if not known_tier

_ballot_denials contains {"rule": "vote.approver_role", "reason": reason} if {
	input.verdict == "approve"
	not _accepted
	reason := sprintf("approving tier %s takes the role %s", [input.tier, concat(" or ", sort(_accepted_roles))])
}

_ballot_denials contains {"rule": "vote.requester", "reason": "the requester's own approval does not count"} if {
	input.verdict == "approve"
	asked_for_it(input.subject.person)
	_requester_excluded
}

_known_verdict if input.verdict in {"approve", "reject", "request_changes"}

_accepted if has_role(input.subject.roles, _accepted_roles)

# Roles that the request asks for, and that the tier accepts.
_accepted_roles := {role | some role in input.approvals.roles} & approver_roles[input.tier]

_requester_excluded if not _requester_admitted

_requester_excluded if input.tier != "low"

_requester_admitted if input.approvals.excludeRequester == false
