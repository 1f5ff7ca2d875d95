package policy.assistant.v1

# METADATA
# title: What the configuration asks for on top
# description: "{step, rule}: rules of mode `require` with the step that each speaks of. Every one of them has to be met."
requirements := [{"step": assessment.step, "rule": rule} |
	some assessment in assessments
	some rule in assessment.rules
	rule.mode == "require"
]

required_approvals := {object.get(requirement.rule, "needed", 1) | some requirement in requirements}

required_separation if {
	some requirement in requirements
	requirement.rule.separateDuties == true
}

# METADATA
# title: Roles that every rule accepts
# description: Those of the tier, where no rule narrows them.
required_roles := approver_roles[plan_tier] if count(requirements) == 0

required_roles := {role |
	some role in approver_roles[plan_tier]
	every requirement in requirements {
		_role_accepted(requirement.rule, role)
	}
} if {
	count(requirements) > 0
}

_role_accepted(rule, _) if not rule.roles

_role_accepted(rule, role) if role in rule.roles

# METADATA
# title: How many of the approvals come from which group
required_groups := strictest_groups(_group_needs | _owner_needs) if count(requirements) > 0

required_groups := [] if count(requirements) == 0

_group_needs := {need |
	some requirement in requirements
	some need in requirement.rule.groups
}

_owner_needs := {{"group": concat(":", ["owners", requirement.step.service]), "needed": requirement.rule.owners} |
	some requirement in requirements
}
