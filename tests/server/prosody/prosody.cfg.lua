-- A Prosody for the tests: Debian's modules and an archive, no limits on speed. Variants add to it in variant.cfg.lua.
modules_enabled = {
	"disco", "roster", "saslauth", "tls", "blocklist", "bookmarks", "carbons", "pep", "private", "smacks", "vcard4",
	"ping", "time", "version", "offline", "admin_shell", "posix", "mam", "no_preferences",
}
pidfile = "/run/prosody/prosody.pid"
log = { info = "/var/log/prosody/prosody.log", error = "/var/log/prosody/prosody.err" }
authentication = "internal_hashed"
c2s_require_encryption = true
c2s_direct_tls_ports = { 5223 }
c2s_stanza_size_limit = 1048576
archive_expires_after = "1w"

plugin_paths = { "/etc/prosody/plugins" }

Include "/etc/prosody/variant.cfg.lua"

VirtualHost "chat.example"
	ssl = { certificate = "/etc/prosody/certs/server.pem", key = "/etc/prosody/certs/server.key" }
-- Rooms for their members, which stay, and with an archive; a moderator can take messages back (prosody-modules).
Component "conference.chat.example" "muc"
	modules_enabled = { "muc_mam", "muc_moderation" }
	muc_room_locking = false
	muc_room_default_persistent = true
	muc_room_default_members_only = true
	-- As clients set up private groups; where addresses are hidden, nothing tells whose a message in the archive is.
	muc_room_default_public_jids = true
