-- What only the examples need beside prosody.cfg.lua: rooms, and a place for files (from Prosody 0.12 on).
Component "rooms.chat.example" "muc"
	muc_room_locking = false
	muc_room_default_persistent = true

Component "upload.chat.example" "http_file_share"
	https_ssl = { certificate = "/etc/prosody/certs/server.pem", key = "/etc/prosody/certs/server.key" }
