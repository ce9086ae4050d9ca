-- Somebody else's server, which talks to others only by certificates that it can verify.
modules_enabled = { "roster", "saslauth", "tls", "s2s_auth_certs", "ping", "offline", "mam", "carbons", "posix", "disco", "pep" }
modules_disabled = { "dialback" }
log = { info = "/var/log/prosody/prosody.log" }
authentication = "internal_hashed"
c2s_require_encryption = true
s2s_require_encryption = true
s2s_secure_auth = true
unbound = { resolvconf = true, hoststxt = "/etc/hosts" }    -- the tests have no DNS of their own
ssl = { cafile = "/etc/ssl/certs/ca-certificates.crt", certificate = "/etc/prosody/certs/server.pem", key = "/etc/prosody/certs/server.key" }
VirtualHost "other.example"
