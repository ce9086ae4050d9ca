-- An archive whose preferences (XEP-0441) are not told, as on servers that do not know them.
local st = require "util.stanza";
module:hook("iq/self/urn:xmpp:mam:2:prefs", function (event)
	event.origin.send(st.error_reply(event.stanza, "cancel", "service-unavailable"));
	return true;
end, 10);
