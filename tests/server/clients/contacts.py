"""What the tests' client does with contacts (RFC 6121): their names, and who sees whom."""
import asyncio


class Contacts:
    async def do_contact(self, jid, *name):
        await self.update_roster(jid, name=" ".join(name))

    async def do_befriend(self, other):
        seen = self.beside(other, "see", self.boundjid.bare)
        self.send_presence()
        await asyncio.wait_for(seen.disconnected, 60)

    async def do_see(self, jid):
        """Asks to see JID, who is present and, as slixmpp does, says yes."""
        allowed = asyncio.Event()
        self.add_event_handler("presence_subscribed", lambda _: allowed.set())
        await self.get_roster()
        self.send_presence()
        self.send_presence_subscription(pto=jid)
        await asyncio.wait_for(allowed.wait(), 60)

    async def do_watch(self, jid):
        resources, phone = set(), asyncio.Event()

        def appeared(presence):
            if presence["from"].bare == jid:
                resources.add(presence["from"].resource)
                if presence["from"].resource == "phone":
                    phone.set()

        self.add_event_handler("presence_available", appeared)
        self.send_presence()
        await self["xep_0199"].ping(self.boundjid.domain, timeout=60)
        print("ready", flush=True)
        await phone.wait()
        print(*sorted(resources))
