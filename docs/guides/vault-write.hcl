path "auth/token/revoke-accessor" {
  capabilities = ["update"]
}

path "database/rotate-role/+" {
  capabilities = ["update"]
}

path "sys/key-status" {
  capabilities = ["read"]
}

path "sys/leases/renew" {
  capabilities = ["update"]
}

path "sys/leases/revoke" {
  capabilities = ["update"]
}

path "sys/leases/revoke/*" {
  capabilities = ["update"]
}

path "sys/rotate" {
  capabilities = ["sudo", "update"]
}

path "sys/rotate/keyring" {
  capabilities = ["sudo", "update"]
}

path "transit/keys/+/rotate" {
  capabilities = ["update"]
}
