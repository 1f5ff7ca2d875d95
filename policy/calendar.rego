package policy.assistant.v1

# METADATA
# title: What a freeze or a window speaks of
# description: A list that is left out, or holds `*`, is everything.
covers(entry, step) if {
	_lists(entry, "sites", step.site.name)
	_lists(entry, "environments", step.site.environment)
	_lists(entry, "services", step.service)
}

_lists(entry, field, _) if not entry[field]

_lists(entry, field, value) if {
	some name in entry[field]
	name in {"*", value}
}
