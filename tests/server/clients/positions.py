"""What the tests' client does with read positions (XEP-0490)."""
import asyncio

import slixmpp

MDS = "urn:xmpp:mds:displayed:0"
SID = "urn:xmpp:sid:0"


class Positions:
    async def do_displayed(self, jid):
        archive_id, _ = await self.newest(jid)
        await self.do_publish(jid, archive_id)

    async def make_node(self):
        create = f"""<pubsub xmlns='http://jabber.org/protocol/pubsub'><create node='{MDS}'/><configure>
          <x xmlns='jabber:x:data' type='submit'>
          <field var='FORM_TYPE' type='hidden'><value>http://jabber.org/protocol/pubsub#node_config</value></field>
          <field var='pubsub#persist_items'><value>true</value></field>
          <field var='pubsub#max_items'><value>max</value></field>
          <field var='pubsub#access_model'><value>whitelist</value></field></x></configure></pubsub>"""
        try:
            await self.ask("set", create)
        except slixmpp.exceptions.IqError as error:
            if error.condition != "conflict":
                raise

    async def do_publish(self, jid, archive_id):
        await self.make_node()
        await self.ask("set", self.publication(jid, archive_id))

    async def do_publish_many(self, count):
        await self.make_node()
        for start in range(0, int(count), 25):
            batch = (self.publication(f"{number}@chat.example", "1") for number in range(start, start + 25))
            await asyncio.gather(*(self.ask("set", publication) for publication in batch))

    def publication(self, jid, archive_id):
        return f"""<pubsub xmlns='http://jabber.org/protocol/pubsub'><publish node='{MDS}'>
          <item id='{jid}'><displayed xmlns='{MDS}'>
          <stanza-id xmlns='{SID}' by='{self.boundjid.bare}' id='{archive_id}'/></displayed></item></publish></pubsub>"""

    async def do_position(self, jid):
        result = await self.ask("get", f"<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='{MDS}'/></pubsub>")
        for item in result.xml.iter("{http://jabber.org/protocol/pubsub}item"):
            if item.get("id") == jid:
                newest, _ = await self.newest(jid)
                position = next(item.iter(f"{{{SID}}}stanza-id")).get("id")
                print("newest" if position == newest else "older")

    async def do_positions(self):
        result = await self.ask("get", f"<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='{MDS}'/></pubsub>")
        print(len(list(result.xml.iter("{http://jabber.org/protocol/pubsub}item"))))

    async def do_badnode(self, jid):
        archive_id, _ = await self.newest(jid)
        await self.ask("set", self.publication(jid, archive_id))

    async def do_node(self):
        owner = "http://jabber.org/protocol/pubsub#owner"
        result = await self.ask("get", f"<pubsub xmlns='{owner}'><configure node='{MDS}'/></pubsub>")
        fields = {field.get("var"): field for field in result.xml.iter("{jabber:x:data}field")}
        value = lambda name: fields[f"pubsub#{name}"].find("{jabber:x:data}value").text
        print(value("access_model"), value("max_items"))
