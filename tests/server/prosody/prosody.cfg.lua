-- A Prosody for the tests: Debian's modules and an archive, no limits on speed. Variants add to it in variant.cfg.lua.
modules_enabled = {
	"disco", "roster", "saslauth", "tls", "blocklist", "bookmarks", "carbons", "pep", "private", "smacks", "vcard4",
	"ping", "time", "version", "offline", "admin_shell", "posix", "mam",
}
pidfile = "/run/prosody/prosody.pid"
log = { info = "/var/log/prosody/prosody.log", error = "/var/log/prosody/prosody.err" }
authentication = "internal_hashed"
c2s_require_encryption = true
c2s_direct_tls_ports = { 5223 }
c2s_stanza_size_limit = 1048576
archive_expires_after = "1w"

Include "/etc/prosody/variant.cfg.lua"

VirtualHost "chat.example"
	ssl = { certificate = "/etc/prosody/certs/server.pem", key = "/etc/prosody/certs/server.key" }
Component "conference.chat.example" "muc"
