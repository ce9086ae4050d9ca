-- The smallest server that chat send and chat unread are at home on; for every Prosody from 0.11 (bullseye) on.
modules_enabled = { "roster", "saslauth", "tls", "disco", "pep", "smacks", "ping", "offline", "mam", "posix" }
pidfile = "/run/prosody/prosody.pid"
log = { info = "/var/log/prosody/prosody.log" }
authentication = "internal_hashed"
c2s_require_encryption = true

VirtualHost "chat.example"
	ssl = { certificate = "/etc/prosody/certs/server.pem", key = "/etc/prosody/certs/server.key" }
