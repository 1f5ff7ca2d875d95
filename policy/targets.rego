package policy.assistant.v1

# METADATA
# title: What a plan may name
# description: Registered operations with the tier of a write, on a named site.
target_denials contains {"rule": "target.steps", "reason": "the plan has no steps"} if not _has_steps

target_denials contains {"rule": "target.operation", "reason": reason} if {
	some step in input.steps
	not step.known == true
	reason := sprintf("%s: unknown operation", [step.id])
}

target_denials contains {"rule": "target.tier", "reason": reason} if {
	some step in input.steps
	not _write(step)
	reason := sprintf("%s: its tier is not that of a write", [step.id])
}

target_denials contains {"rule": "target.complete", "reason": "a step is incomplete"} if {
	some step in input.steps
	not _complete(step)
}

target_denials contains {"rule": "target.unique_ids", "reason": "two steps have the same id"} if {
	count({step.id | some step in input.steps}) < count(input.steps)
}

_has_steps if count(input.steps) > 0

_write(step) if step.tier in write_tiers

_complete(step) if {
	is_string(step.id)
	is_string(step.operation)
	is_string(step.site.name)
	is_string(step.site.environment)
	_named_or_null(step.namespace)
	_named_or_null(step.service)
	is_number(step.owners)
	is_boolean(step.hasDryRun)
	is_boolean(step.reversible)
	is_object(step.ownership)
}

_named_or_null(name) if is_string(name)

_named_or_null(name) if is_null(name)
