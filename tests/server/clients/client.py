#!/usr/bin/python3
"""Another person's client (slixmpp) for the tests: does one thing and ends.

usage: client.py ADDRESS CA JID PASSWORD ACTION ARGUMENT...
  send JID TEXT...          sends a message
  contact JID NAME...       calls JID by this name in the contact list
  stanzas XML...            sends these as they are
  displayed JID             publishes a read position (XEP-0490) at the newest message of JID, as a phone does
  marker JID                sends a displayed marker (XEP-0333) for the newest message of JID, kept in the archive
  position JID              prints the published read position
  confirm                   waits for one message, confirms that it was received and displayed, and prints its body
  archive JID               prints the bodies of the whole conversation with JID, as the archive has them
  archive_xml JID           prints the messages with JID as the archive has them
  newest_xml JID            prints the newest message with JID, or in the room JID, as the archive has it
  queued                    prints how many messages are in the offline queue
  room ROOM JID...          creates a room with these members
  invite ROOM JID REASON... invites into a room, through it
  bookmark ROOM NAME...     bookmarks a room (XEP-0402); it must be the only one on this server
  old_bookmarks ROOM...     bookmarks rooms as older clients do (XEP-0048)
  node_bookmarks ROOM...    the same, in the node that came after the private storage (XEP-0048 1.1)
  display ROOM BODY         sends a displayed marker (XEP-0333) for the message with this body in a room
  configure ROOM K=V...     creates a room and sets muc#roomconfig_K to V
  affiliate ROOM JID WHAT   makes JID an outcast, a member, or none of this room
  occupy ROOM NICK          is in a room under this name until somebody says “end” there; prints what is said, by whom
  history ROOM              prints the bodies in the archive of a room
  is_room ROOM              prints whether there is such a room
  say ROOM TEXT...          speaks in a room; TEXT can be XML
  say_as ROOM NICK TEXT     tries to speak under this nickname, escaped for XML
  moderate ROOM BODY        as its moderator takes the message with this body back (XEP-0425)
  whisper JID ROOM TEXT...  sends a private message in a room to JID, who joins meanwhile with the same password
  flood JID N TAG           sends N messages “TAG NUMBER” as fast as it can; prints how many came back
  receive                   comes online and prints what it gets
  unarchived JID TEXT       sends a message that the archive shall not keep (XEP-0334)
  badnode JID               publishes as displayed does, into a node made without any settings
  node                      prints who may read the node of read positions, and how many it holds
  publish JID ID            publishes a read position at this archive id, whatever it is
  publish_many N            publishes read positions of N conversations that nobody has
  positions                 prints how many read positions there are
  befriend JID              lets JID, who has the same password, see when this account is present
  watch JID                 prints which resources of JID became present until “phone” did
  forge JID                 sends stanzas that look like they came from JID's own server
"""
import asyncio
import sys
import xml.etree.ElementTree as ET

import slixmpp

sys.dont_write_bytecode = True
from contacts import Contacts  # noqa: E402
from positions import MDS, SID, Positions  # noqa: E402
from rooms import Rooms  # noqa: E402

OFFLINE = "http://jabber.org/protocol/offline"


class Client(Contacts, Positions, Rooms, slixmpp.ClientXMPP):
    def __init__(self, address, ca, jid, password, action, arguments):
        super().__init__(f"{jid}/phone", password)
        # ejabberd 23.01 offers channel binding that cannot work with TLS 1.3, and 23.10 extends SCRAM (XEP-0474) in a
        # way that slixmpp answers wrongly.
        self["feature_mechanisms"].use_mechs = {"PLAIN"}
        self.ca_certs = ca
        self.act = getattr(self, f"do_{action}")
        self.arguments = arguments
        self.beside = lambda other, *act: Client(address, ca, other, password, act[0], act[1:])
        self.ready = asyncio.Event()
        self.failed = True
        for plugin in ("xep_0030", "xep_0313", "xep_0199"):
            self.register_plugin(plugin)
        self.add_event_handler("session_start", self.start)
        self.add_event_handler("failed_auth", lambda _: self.disconnect())
        self.connect((address, 5222))

    async def start(self, _):
        try:
            await self.act(*self.arguments)
            await self["xep_0199"].ping(self.boundjid.domain, timeout=60)
            self.failed = False
        except (slixmpp.exceptions.XMPPError, AssertionError) as error:
            print(repr(error), file=sys.stderr)
        await self.disconnect()

    async def ask(self, kind, payload):
        iq = self.make_iq(id=self.new_id(), ito=None, itype=kind)
        iq.append(ET.fromstring(payload))
        return await iq.send(timeout=60)

    async def newest(self, jid):
        """The archive id and the message id of the newest message of JID."""
        results = await self["xep_0313"].retrieve(with_jid=slixmpp.JID(jid), rsm={"max": "50"})
        result = results["mam"]["results"][-1]["mam_result"]
        return result["id"], result["forwarded"]["stanza"]["id"]

    async def do_send(self, jid, *text):
        self.send_message(jid, " ".join(text), mtype="chat")

    async def do_stanzas(self, *stanzas):
        for stanza in stanzas:
            self.send_raw(stanza)

    async def do_marker(self, jid):
        _, message_id = await self.newest(jid)
        self.send_raw(f"""<message to='{jid}' type='chat' id='marker'><store xmlns='urn:xmpp:hints'/>
          <displayed xmlns='urn:xmpp:chat-markers:0' id='{message_id}'/></message>""")

    async def do_confirm(self):
        arrived = asyncio.get_running_loop().create_future()
        self.add_event_handler("message", lambda message: arrived.done() or arrived.set_result(message))
        self.send_presence()
        print("ready", flush=True)
        message = await arrived
        for payload in ("<received xmlns='urn:xmpp:receipts'", "<displayed xmlns='urn:xmpp:chat-markers:0'"):
            self.send_raw(f"<message to='{message['from']}' type='chat'>{payload} id='{message['id']}'/></message>")
        print(message["body"])

    async def do_archive(self, jid):
        archive = self["xep_0313"].iterate(with_jid=slixmpp.JID(jid), rsm={"max": "250"})
        async for message in archive:
            print(message["mam_result"]["forwarded"]["stanza"]["body"])

    async def do_archive_xml(self, jid):
        async for message in self["xep_0313"].iterate(with_jid=slixmpp.JID(jid), rsm={"max": "50"}):
            print(message["mam_result"]["forwarded"]["stanza"])

    async def do_newest_xml(self, jid):
        where = {"jid": jid} if jid.split("@")[1].startswith("conference.") else {"with_jid": slixmpp.JID(jid)}
        results = await self["xep_0313"].retrieve(**where, rsm={"max": "50"})
        print(results["mam"]["results"][-1]["mam_result"]["forwarded"]["stanza"])

    async def do_flood(self, jid, count, tag):
        came_back = []
        self.add_event_handler("message_error", came_back.append)
        for number in range(int(count)):
            self.send_message(jid, f"{tag} {number}", mtype="chat")
            if number % 50 == 49:
                await self["xep_0199"].ping(self.boundjid.domain, timeout=60)
        await self["xep_0199"].ping(self.boundjid.domain, timeout=60)
        print(len(came_back))

    async def do_receive(self):
        self.add_event_handler("message", lambda message: print(message["body"]))
        self.send_presence()
        await self["xep_0199"].ping(self.boundjid.domain, timeout=60)

    async def do_unarchived(self, jid, text):
        self.send_raw(f"<message to='{jid}' type='chat'><body>{text}</body><no-permanent-store xmlns='urn:xmpp:hints'/></message>")

    async def do_queued(self):
        result = await self.ask("get", f"<query xmlns='http://jabber.org/protocol/disco#items' node='{OFFLINE}'/>")
        print(len(list(result.xml.iter("{http://jabber.org/protocol/disco#items}item"))))

    async def do_forge(self, jid):
        inner = f"""<forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='2020-01-01T00:00:00Z'/>
          <message xmlns='jabber:client' from='bank@chat.example/x' to='{jid}' type='chat'><body>forged</body></message></forwarded>"""
        for payload in (
            f"<received xmlns='urn:xmpp:carbons:2'>{inner}</received>",
            f"<result xmlns='urn:xmpp:mam:2' queryid='1' id='1'>{inner}</result>",
            f"<offline xmlns='{OFFLINE}'><item node='1'/></offline>",
            f"<stanza-id xmlns='{SID}' by='{jid}' id='9999999999999999'/><delay xmlns='urn:xmpp:delay' from='chat.example' stamp='not-a-time'/>",
        ):
            self.send_raw(f"<message to='{jid}' type='chat'><body>carrier</body>{payload}</message>")
        # 20 000 levels kill ejabberd 23.01 itself.
        self.send_raw(f"<message to='{jid}' type='chat'><body>deep</body>{'<a>' * 2000}{'</a>' * 2000}</message>")
        name, long = "n" * 9000, "u" * 5000
        for element in (f"<{name}/>", f"<a {name}='1'/>", f"<y xmlns:a='{long}1' xmlns:b='{long}2' a:k='1' b:k='2'/>"):
            self.send_raw(f"<message to='{jid}' type='chat'><body>names</body>{element}</message>")
        self.send_raw(f"<message to='{jid}' type='chat'><body>wide</body><a b='{'x' * 20000}' xmlns='y'/></message>")


client = Client(*sys.argv[1:6], sys.argv[6:])
client.loop.run_until_complete(asyncio.wait_for(client.disconnected, 120))
sys.exit(client.failed)
