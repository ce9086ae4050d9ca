"""An archive on the server, filled as its database has it: a hundred thousand messages would take hours to send."""

from lib.run import run
from lib.server import MACHINE

LARGE = 900_000  # bytes: about as many as the server takes


class Archive:
    """Of `account`; the other side of its conversations is `contact`, where nobody else is named."""

    def __init__(self, server, account, contact):
        self.server, self.account, self.contact = server, account, contact
        self.user = account.split("@")[0]

    def fill(self, count, days):
        """Messages of twenty contacts, one after the other over so many days, until an hour ago."""
        contact = f"CONCAT('contact-', seq MOD 20, '@{self.server.domain}')"
        self.insert(count, self.spread(count, days), contact, f"CONCAT({contact}, '/x')", f"'{self.account}'", "seq")

    def talk_to_others(self, count, days):
        """Messages of the account to somebody else, from another client."""
        other = f"'somebody-else@{self.server.domain}'"
        self.insert(count, self.spread(count, days), other, f"'{self.account}/phone'", other, "seq")

    def receive_one(self, days):
        self.insert(1, f"UNIX_TIMESTAMP() - {days * 86400}", *self.incoming(), "'still unread'")

    def receive_large(self, count):
        """So large that they fill any memory, in the archive and in the queue."""
        body = f"REPEAT('x', {LARGE})"
        self.insert(count, self.spread(count, 1), *self.incoming(), body)
        delay = f"<delay xmlns=\"urn:xmpp:delay\" from=\"{self.server.domain}\" stamp=\"', REPLACE(FROM_UNIXTIME(timestamp DIV 1000000), ' ', 'T'), 'Z\"/>"
        own = f"<stanza-id xmlns=\"urn:xmpp:sid:0\" by=\"{self.account}\" id=\"', timestamp, '\"/>"
        self.sql(
            f"INSERT INTO spool (username, server_host, xml) SELECT username, server_host, "
            f"REPLACE(xml, '</message>', CONCAT('{own}{delay}</message>')) FROM archive "
            f"WHERE username = '{self.user}' ORDER BY timestamp"
        )

    def empty_queue(self):
        self.sql(f"DELETE FROM spool WHERE username = '{self.user}'")

    def incoming(self):
        return f"'{self.contact}'", f"'{self.contact}/x'", f"'{self.account}'"

    def spread(self, count, days):
        """In seconds, as the server's clock has it; no two at once."""
        return f"UNIX_TIMESTAMP() - 3600 - ({count} - seq) * {(days * 86400 - 3600) / count:.6f}"

    def insert(self, count, time, peer, sender, recipient, body):
        stanza = (
            f"CONCAT('<message xmlns=\"jabber:client\" from=\"', {sender}, '\" to=\"', {recipient}, '\" type=\"chat\" "
            f"id=\"', UUID(), '\"><body>', {body}, '</body></message>')"
        )
        self.sql(
            f"INSERT INTO archive (username, server_host, timestamp, peer, bare_peer, xml, txt, kind, nick) "
            f"SELECT '{self.user}', '{self.server.domain}', FLOOR(({time}) * 1000000), {peer}, {peer}, {stanza}, '', "
            f"'chat', '' FROM seq_1_to_{count}"
        )

    def sql(self, statement):
        command = ["mariadb", "ejabberd", "-e", f"SET time_zone = '+00:00'; {statement}"]
        run([MACHINE, "exec", self.server.machine, *command], limit=600)
