-- A Prosody that has a domain for each mechanism; tls.cfg.lua says which versions of TLS it speaks.
modules_enabled = {
	"disco", "roster", "saslauth", "tls", "pep", "private", "smacks", "ping", "offline", "admin_shell", "posix", "mam",
}
pidfile = "/run/prosody/prosody.pid"
log = { info = "/var/log/prosody/prosody.log", error = "/var/log/prosody/prosody.err" }
c2s_require_encryption = true
c2s_direct_tls_ports = { 5223 }

Include "/etc/prosody/tls.cfg.lua"

-- Passwords are kept in clear: only so each SCRAM can be offered.
authentication = "internal_plain"
local mechanisms = {
	"PLAIN", "SCRAM-SHA-1", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-256-PLUS", "ANONYMOUS",
}

VirtualHost "chat.example"

for _, only in ipairs(mechanisms) do
	VirtualHost (only:lower() .. ".chat.example")
	authentication = only == "ANONYMOUS" and "anonymous" or "internal_plain"
	local others = {}
	for _, other in ipairs(mechanisms) do
		if other ~= only then table.insert(others, other); end
	end
	disable_sasl_mechanisms = others
end
