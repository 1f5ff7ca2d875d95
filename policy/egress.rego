package policy.assistant.v1

# METADATA
# title: What may go to a language model
# description: What a rule lets go to that provider, and no secret, whatever the rules say.
egress_denials contains {"rule": "llm.secret", "reason": "a secret goes to no language model"} if input.dataClass == "secret"

egress_denials contains {"rule": "llm.unknown_class", "reason": "what is not of a known class goes nowhere"} if not _known_class

egress_denials contains {"rule": "llm.no_rule", "reason": reason} if {
	not _egress_ruled
	reason := sprintf("no rule of the configuration lets the class %v go to %v", [input.dataClass, input.provider])
}

egress_decision := denial(egress_denials, "read") if count(egress_denials) > 0

egress_decision := allowance({"rule": "llm.allowed", "reason": reason}, "read") if {
	count(egress_denials) == 0
	reason := sprintf("the configuration lets the class %s go to %s", [input.dataClass, input.provider])
}

_known_class if input.dataClass in {"finding", "metric", "event", "manifest", "log", "message", "trace", "secret"}

_egress_ruled if {
	some rule in input.rules
	rule.provider == input.provider
	input.dataClass in rule.classes
}
