package policy.assistant.v1

# METADATA
# title: Whose approval counts
# description: By tier; configuration cannot add a role.
approver_roles := {
	"low": {"admin", "approver", "responder"},
	"medium": {"admin", "approver"},
	"high": {"approver"},
}

# METADATA
# title: Who takes part in incidents
# description: Viewers only look.
participant_roles := {"admin", "approver", "responder"}

has_role(roles, wanted) if {
	some role in roles
	role in wanted
}

# Negation is of these helpers only: a call whose argument is undefined makes the whole rule undefined, negated or not.
participates if has_role(input.subject.roles, participant_roles)

unexpired if input.nowMs < input.expiresMs

# METADATA
# title: Who asked for the plan
# description: The requester, and whoever else had a part in what is asked for, e.g. by answers to the planner.
asked_for_it(person) if person == input.requester

asked_for_it(person) if person in input.requesters

_signed_in if is_string(input.subject.person)

# METADATA
# title: Why a subject is nobody whose word counts
# description: Every flag has to be there and false; a flag that is missing bars too.
barred contains {"rule": "subject.signed_in", "reason": "nobody is signed in"} if not _signed_in

barred contains {"rule": "subject.bot", "reason": "a bot has no say"} if not input.subject.bot == false

barred contains {"rule": "subject.guest", "reason": "a guest has no say"} if not input.subject.guest == false

barred contains {"rule": "subject.foreign_team", "reason": "a user of another organisation has no say"} if not input.subject.foreignTeam == false

barred contains {"rule": "subject.deactivated", "reason": "this account is deactivated"} if not input.subject.deactivated == false
