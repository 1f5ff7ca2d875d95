package policy.assistant.v1

# METADATA
# title: Freeze calendar
# description: No write on a frozen site from `fromMs` on and before `toMs`; site `*` is every site.
freeze_denials contains {"rule": "freeze.calendar", "reason": "the freeze calendar is missing"} if not _calendar

freeze_denials contains {"rule": "freeze.active", "reason": reason} if {
	some step in input.steps
	some freeze in input.freezes
	some site in freeze.sites
	site in {"*", step.site.name}
	not _outside(freeze)
	reason := sprintf("%s: %s is frozen (%s)", [step.id, step.site.name, freeze.name])
}

_calendar if is_array(input.freezes)

_outside(freeze) if input.nowMs < freeze.fromMs

_outside(freeze) if input.nowMs >= freeze.toMs
