package policy.assistant.v1_test

import data.policy.assistant.v1

test_vote_with_a_missing_flag_is_denied[flag] if {
	some flag in ["serviceToken", "foreignTeam", "guest", "bot", "deactivated", "person", "roles"]
	subject := object.remove(data.testdata.bases.vote.subject, [flag])
	question := object.union(object.remove(data.testdata.bases.vote, ["subject"]), {"subject": subject})
	v1.decision.verdict == "deny" with input as question
}

test_vote_with_a_missing_field_is_denied[field] if {
	some field in ["nowMs", "subject", "approvals", "tier", "verdict", "expiresMs"]
	v1.decision.verdict == "deny" with input as object.remove(data.testdata.bases.vote, [field])
}

test_unknown_verdict_is_denied if {
	decision := v1.decision with input as object.union(data.testdata.bases.vote, {"verdict": "maybe"})
	decision.reasons == ["unknown verdict"]
}

test_who_had_a_part_in_the_plan_is_a_requester if {
	decision := v1.decision with input as object.union(data.testdata.bases.vote, {"requester": null, "requesters": ["bob"]})
	decision.rules == ["vote.requester"]
}
