package policy.assistant.v1

# METADATA
# title: Freeze calendar
# description: No write on what is frozen from `fromMs` on and before `toMs`; `until` is `toMs` in words.
freeze_denials contains {"rule": "freeze.calendar", "reason": "the freeze calendar is missing"} if not _freezes_known

freeze_denials contains {"rule": "freeze.active", "reason": reason} if {
	some freeze in input.freezes
	not _outside(freeze)
	some step in input.steps
	covers(freeze, step)
	reason := sprintf("%s: freeze until %s (%s)", [step.id, object.get(freeze, "until", "further notice"), freeze.name])
}

_freezes_known if is_array(input.freezes)

_outside(freeze) if input.nowMs < freeze.fromMs

_outside(freeze) if input.nowMs >= freeze.toMs
