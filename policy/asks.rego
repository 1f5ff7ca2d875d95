package policy.assistant.v1

# METADATA
# title: Who may open an incident
# description: Responders, approvers and admins of the own organisation.
ask_denials := barred | _ask_role_denials

ask_decision := denial(ask_denials, "read") if count(ask_denials) > 0

ask_decision := allowance({"rule": "ask.participant", "reason": "may open incidents"}, "read") if count(ask_denials) == 0

_ask_role_denials contains {
	"rule": "ask.role",
	"reason": "opening an incident takes the role responder, approver or admin",
} if not participates
