package policy.assistant.v1

# METADATA
# title: What the configuration forbids
# description: By a rule of mode `deny`, or by asking for approvals that nobody could give.
autonomy_denials contains {"rule": "autonomy.denied", "reason": reason} if {
	some assessment in assessments
	some rule in assessment.rules
	rule.mode == "deny"
	step := assessment.step
	reason := sprintf("%s: the configuration denies %s on %s", [step.id, step.operation, step.site.name])
}

autonomy_denials contains {"rule": "autonomy.owners", "reason": reason} if {
	some requirement in requirements
	requirement.rule.owners
	not _of_service(requirement.step)
	reason := sprintf("%s: asks for owners of its service, and none is configured for its target", [requirement.step.id])
}

autonomy_denials contains {"rule": "autonomy.owners", "reason": reason} if {
	some requirement in requirements
	wanted := requirement.rule.owners
	step := requirement.step
	_of_service(step)
	step.owners < wanted
	reason := sprintf("%s: asks for %d of the owners of %s, and it has %d", [step.id, wanted, step.service, step.owners])
}

autonomy_denials contains {
	"rule": "autonomy.roles",
	"reason": "the rules of the configuration leave no role whose approval would count",
} if {
	count(requirements) > 0
	count(plan_approvals.roles) == 0
}

# METADATA
# title: Runs without anybody's approval
# description: Only what is low, and still low after its dry run was asked for and the configuration was heard.
automatic(assessment) if {
	assessment.tier == "low"
	not git_owned(assessment)
	some rule in assessment.rules
	rule.mode == "automatic"
}

_of_service(step) if is_string(step.service)
