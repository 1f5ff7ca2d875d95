package policy.assistant.v1_test

import data.policy.assistant.v1

test_vote_of_an_unknown_verdict_does_not_count if {
	votes := [{"person": "bob", "roles": ["approver"], "groups": [], "verdict": "maybe"}]
	v1.decision.verdict == "deny" with input as object.union(data.testdata.bases.execute, {"votes": votes})
}

test_vote_without_groups_is_of_none if {
	need := {"needed": 1, "groups": [{"group": "platform", "needed": 1}]}
	votes := [{"person": "bob", "roles": ["approver"], "verdict": "approve"}]
	decision := v1.decision with input as object.union(data.testdata.bases.tally, {"approvals": need, "votes": votes})
	decision.verdict == "needs_approval"
	decision.reasons == ["1 of 1 approvals; 1 more from platform"]
}

test_vote_of_nobody_does_not_count if {
	votes := [{"person": null, "roles": ["approver"], "groups": [], "verdict": "approve"}]
	v1.decision.verdict == "needs_approval" with input as object.union(data.testdata.bases.tally, {"votes": votes})
}
