"""What the tests' client does in rooms (XEP-0045). Its nickname is the local part of its address."""
import asyncio
import xml.etree.ElementTree as ET

from slixmpp.exceptions import IqError


class Rooms:
    async def enter(self, room):
        """Joins, and creates the room where there is none."""
        self.register_plugin("xep_0045")
        await self["xep_0045"].join_muc_wait(room, self.boundjid.local, timeout=60)

    async def in_order(self, room):
        """Everything sent before is done: the room answers in the order in which it was asked."""
        await self["xep_0030"].get_info(jid=room, timeout=60)

    async def do_room(self, room, *members):
        await self.enter(room)
        for member in members:
            await self["xep_0045"].set_affiliation(room, "member", jid=member, timeout=60)

    async def do_configure(self, room, *settings):
        await self.enter(room)
        settings = (setting.split("=", 1) for setting in settings)
        fields = "".join(f"<field var='muc#roomconfig_{key}'><value>{value}</value></field>" for key, value in settings)
        form = "<field var='FORM_TYPE' type='hidden'><value>http://jabber.org/protocol/muc#roomconfig</value></field>"
        owner = f"<x xmlns='jabber:x:data' type='submit'>{form}{fields}</x>"
        answer = await self.answer(room, f"<query xmlns='http://jabber.org/protocol/muc#owner'>{owner}</query>")
        assert answer == "result", answer

    async def do_affiliate(self, room, jid, affiliation):
        """Without entering: the room knows its owner (XEP-0045 §9), and slixmpp loses its way where people come and go."""
        self.register_plugin("xep_0045")
        await self["xep_0045"].set_affiliation(room, affiliation, jid=jid, timeout=60)

    async def do_occupy(self, room, nick):
        end = asyncio.get_running_loop().create_future()

        def hear(message):
            print(message["type"], message["from"].resource, message["body"], flush=True)
            if message["body"] == "end":
                end.set_result(True)

        def see(presence):
            if presence["type"] == "unavailable":
                print("left", presence["from"].resource, flush=True)

        self.register_plugin("xep_0045")
        self.add_event_handler("message", lambda message: message["body"] and hear(message))
        self.add_event_handler("groupchat_presence", see)
        await self["xep_0045"].join_muc_wait(room, nick, maxstanzas=0, timeout=60)
        print("ready", flush=True)
        await end

    async def do_history(self, room):
        async for message in self["xep_0313"].iterate(jid=room, rsm={"max": "250"}):
            print(message["mam_result"]["forwarded"]["stanza"]["body"])

    async def do_is_room(self, room):
        try:
            await self["xep_0030"].get_info(jid=room, timeout=60)
            print("yes")
        except IqError as error:
            print(error.condition)

    async def do_invite(self, room, jid, *reason):
        await self.enter(room)
        self["xep_0045"].invite(room, jid, " ".join(reason))
        await self.in_order(room)

    async def do_bookmark(self, room, *name):
        await self.ask("set", f"""<pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='urn:xmpp:bookmarks:1'>
          <item id='{room}'><conference xmlns='urn:xmpp:bookmarks:1' name='{" ".join(name)}' autojoin='true'>
          <nick>{self.boundjid.local}</nick></conference></item></publish></pubsub>""")

    async def do_old_bookmarks(self, *rooms):
        marks = "".join(f"<conference jid='{room}' autojoin='1'/>" for room in rooms)
        await self.ask("set", f"""<query xmlns='jabber:iq:private'><storage xmlns='storage:bookmarks'>{marks}</storage></query>""")

    async def do_node_bookmarks(self, *rooms):
        marks = "".join(f"<conference jid='{room}' autojoin='1'/>" for room in rooms)
        await self.ask("set", f"""<pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='storage:bookmarks'>
          <item id='current'><storage xmlns='storage:bookmarks'>{marks}</storage></item></publish></pubsub>""")

    async def do_display(self, room, body):
        await self.enter(room)
        stanza_id = await self.id_in_archive(room, body)
        self.send_raw(f"""<message to='{room}' type='groupchat' id='d'><store xmlns='urn:xmpp:hints'/>
          <displayed xmlns='urn:xmpp:chat-markers:0' id='{stanza_id}'/></message>""")
        await self.in_order(room)

    async def do_say(self, room, *messages):
        refused = []
        self.add_event_handler("message_error", lambda message: refused.append(str(message)))
        await self.enter(room)
        for number, message in enumerate(messages):
            payload = message if message.startswith("<") else f"<body>{message}</body>"
            self.send_raw(f"<message to='{room}' type='groupchat' id='r{number}'>{payload}</message>")
        await self.in_order(room)
        assert not refused, refused

    async def do_say_as(self, room, nick, text):
        self.send_raw(f"<presence to='{room}/{nick}'><x xmlns='http://jabber.org/protocol/muc'/></presence>")
        self.send_raw(f"<message to='{room}' type='groupchat' id='as'><body>{text}</body></message>")
        await self.in_order(room)

    async def id_in_archive(self, room, body):
        results = self["xep_0313"].iterate(jid=room, rsm={"max": "50"})
        said = [message["mam_result"] async for message in results]
        return next(result["id"] for result in said if result["forwarded"]["stanza"]["body"] == body)

    async def do_moderate(self, room, body):
        """By the older and the newer form of the XEP: servers know one of them."""
        await self.enter(room)
        stanza_id = await self.id_in_archive(room, body)
        forms = (
            f"<moderate xmlns='urn:xmpp:message-moderate:1' id='{stanza_id}'>"
            "<retract xmlns='urn:xmpp:message-retract:1'/><reason>spam</reason></moderate>",
            f"<apply-to xmlns='urn:xmpp:fasten:0' id='{stanza_id}'><moderate xmlns='urn:xmpp:message-moderate:0'>"
            "<retract xmlns='urn:xmpp:message-retract:0'/><reason>spam</reason></moderate></apply-to>",
        )
        answers = [await self.answer(room, form) for form in forms]
        print("moderated" if "result" in answers else "")

    async def answer(self, to, payload):
        iq = self.make_iq(id=self.new_id(), ito=to, itype="set")
        iq.append(ET.fromstring(payload))
        try:
            return (await iq.send(timeout=60))["type"]
        except IqError as error:
            return error.condition

    async def do_whisper(self, other, room, *text):
        """A private message to OTHER, who is in the room meanwhile."""
        await self.do_room(room, other)
        listener = self.beside(other, "listen", room)
        await asyncio.wait_for(listener.ready.wait(), 60)
        self.send_message(f"{room}/{listener.boundjid.local}", " ".join(text), mtype="chat")
        await asyncio.wait_for(listener.disconnected, 60)

    async def do_listen(self, room):
        heard = asyncio.get_running_loop().create_future()
        self.add_event_handler("message", lambda message: heard.done() or heard.set_result(message["type"] == "chat"))
        await self.enter(room)
        self.ready.set()
        await heard
