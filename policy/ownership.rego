package policy.assistant.v1

# METADATA
# title: What Git owns
# description: >-
#   A write that Git would undo is refused in favour of a pull request; whether Git owns its target is read with the target's state, or
#   said by a rule of mode `pull_request`. Where breaking the glass is possible, a plan may be made of it, which runs that way only.
ownership_denials contains {"rule": "ownership.git", "reason": reason} if {
	some assessment in assessments
	owner := _owner(assessment)
	not _may_override
	reason := sprintf("%s: %s, which %s would not outlast: propose the change as a pull request", [
		assessment.step.id,
		owner,
		assessment.step.operation,
	])
}

ownership_denials contains {"rule": "ownership.unknown", "reason": reason} if {
	some step in input.steps
	not _ownership_known(step)
	reason := sprintf("%s: whether Git owns its target is not known", [step.id])
}

ownership_reasons contains {"rule": "ownership.git", "reason": reason} if {
	some assessment in assessments
	owner := _owner(assessment)
	_may_override
	reason := sprintf("%s: %s: this runs by break-glass only, votes are not enough; the way is a pull request", [
		assessment.step.id,
		owner,
	])
}

# METADATA
# title: A step on what Git owns
git_owned(assessment) if _owner(assessment)

_owner(assessment) := sprintf("its target is owned by Git (%s)", [assessment.step.ownership.by]) if {
	assessment.step.ownership.kind == "git"
}

_owner(assessment) := "the configuration says that Git owns its target" if {
	assessment.step.ownership.kind == "none"
	some rule in assessment.rules
	rule.mode == "pull_request"
}

_ownership_known(step) if step.ownership.kind in {"apart", "none"}

_ownership_known(step) if {
	step.ownership.kind == "git"
	is_string(step.ownership.by)
}

# Whether it was broken is asked when the step runs; whether it can be, when the plan is made.
_may_override if {
	input.question == "plan"
	is_object(input.breakGlassSettings)
}

_may_override if {
	input.question == "execute"
	glass_broken
}
