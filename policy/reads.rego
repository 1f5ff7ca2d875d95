package policy.assistant.v1

# METADATA
# title: Reads
# description: Automatic, unless the configuration denies them. A person needs some role; alerts and service tokens have no person.
read_denials contains {"rule": "read.tier", "reason": "only operations of tier read run without a plan"} if not input.operation.tier == "read"

read_denials contains {"rule": "read.role", "reason": "the subject has no role"} if not _reader

read_denials contains {"rule": "read.site", "reason": "the site is not named"} if not _site_named

read_denials contains {"rule": "autonomy.denied", "reason": reason} if {
	target := {"operation": input.operation.name, "site": input.site, "namespace": object.get(input, "namespace", null), "service": object.get(input, "service", null)}
	some rule in current_rules
	rule.mode == "deny"
	of_tier(rule, input.operation.tier, input.operation.tier)
	speaks_of(rule, target)
	reason := sprintf("the configuration denies %s on %s", [input.operation.name, input.site.name])
}

read_decision := denial(read_denials, "read") if count(read_denials) > 0

read_decision := allowance({"rule": "read.automatic", "reason": "reads are automatic"}, "read") if count(read_denials) == 0

_site_named if is_string(input.site.name)

_reader if is_null(input.subject.person)

_reader if input.subject.serviceToken == true

_reader if has_role(input.subject.roles, {"viewer"} | participant_roles)
