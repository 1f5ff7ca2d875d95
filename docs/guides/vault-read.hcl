path "+/cert/+" {
  capabilities = ["read"]
}

path "+/certs" {
  capabilities = ["list"]
}

path "+/keys/+" {
  capabilities = ["read"]
}

path "+/metadata" {
  capabilities = ["list"]
}

path "+/metadata/*" {
  capabilities = ["list", "read"]
}

path "+/static-roles/+" {
  capabilities = ["read"]
}

path "auth/token/lookup-accessor" {
  capabilities = ["update"]
}

path "sys/audit" {
  capabilities = ["read", "sudo"]
}

path "sys/auth" {
  capabilities = ["read"]
}

path "sys/key-status" {
  capabilities = ["read"]
}

path "sys/leader" {
  capabilities = ["read"]
}

path "sys/leases/lookup" {
  capabilities = ["update"]
}

path "sys/leases/lookup/*" {
  capabilities = ["list", "sudo"]
}

path "sys/mounts" {
  capabilities = ["read"]
}

path "sys/policies/acl" {
  capabilities = ["list"]
}

path "sys/policies/acl/*" {
  capabilities = ["read"]
}

path "sys/policy" {
  capabilities = ["read"]
}

path "sys/seal-status" {
  capabilities = ["read"]
}

path "sys/storage/raft/configuration" {
  capabilities = ["read"]
}
