# frozen_string_literal: true

# What the server keeps for a person.

def me
  "alice@#{DOMAIN}"
end

feature('XEP-0163: personal eventing') { info(me).to_s.include?("category='pubsub' type='pep'") }
feature('XEP-0384: keys that everybody may read') do
  publish('eu.siacs.conversations.axolotl.test', "<bundle xmlns='eu.siacs.conversations.axolotl'/>", access_model: 'open')
  connect('bob').ask('get', "<pubsub xmlns='#{PUBSUB}'><items node='eu.siacs.conversations.axolotl.test'/></pubsub>", to: me)
end
feature('XEP-0222: other things only contacts may') do
  publish('test:private', "<thing xmlns='test:private'/>", access_model: 'presence')
  refused? { connect('bob').ask('get', "<pubsub xmlns='#{PUBSUB}'><items node='test:private'/></pubsub>", to: me) }
end
feature('XEP-0060: as many items as there is room for') do
  alice.ask('set', "<pubsub xmlns='#{PUBSUB}'><create node='test:many'/><configure>#{options('node_config', persist_items: 'true', max_items: 'max')}</configure></pubsub>")
  configuration = alice.ask('get', "<pubsub xmlns='#{PUBSUB}#owner'><configure node='test:many'/></pubsub>")
  alice.ask('set', "<pubsub xmlns='#{PUBSUB}#owner'><delete node='test:many'/></pubsub>")
  offers?(DOMAIN, "#{PUBSUB}#config-node-max") && configuration.to_s.match?(%r{pubsub#max_items'[^>]*>(<option.*?</option>)*<value>(max|10000)<})
end
feature('XEP-0490: a place for read positions') { publish('urn:xmpp:mds:displayed:0', "<displayed xmlns='urn:xmpp:mds:displayed:0'/>", persist_items: 'true', access_model: 'whitelist') }
feature('XEP-0054: a card') do
  alice.ask('set', "<vCard xmlns='vcard-temp'><FN>Alice</FN></vCard>")
  find(connect('bob').ask('get', "<vCard xmlns='vcard-temp'/>", to: me), 'FN').text == 'Alice'
end
feature('XEP-0398: a picture of a card is one of today') do
  alice.ask('set', "<vCard xmlns='vcard-temp'><FN>Alice</FN><PHOTO><TYPE>image/png</TYPE><BINVAL>#{PICTURE}</BINVAL></PHOTO></vCard>")
  offers?(me, 'urn:xmpp:pep-vcard-conversion:0') && find(items('urn:xmpp:avatar:metadata'), 'info').attributes['type'] == 'image/png'
end
feature('XEP-0084: a picture of today is one of a card') do
  publish('urn:xmpp:avatar:data', "<data xmlns='urn:xmpp:avatar:data'>#{PICTURE}</data>", access_model: 'presence')
  find(alice.ask('get', "<vCard xmlns='vcard-temp'/>", to: me), 'BINVAL')
end
BOOKMARK = "<conference jid='tea@conference.#{DOMAIN}' name='Tea'/>"
feature('XEP-0411: bookmarks of old clients are those of newer ones') do
  alice.ask('set', "<query xmlns='jabber:iq:private'><storage xmlns='storage:bookmarks'>#{BOOKMARK}</storage></query>")
  offers?(me, 'urn:xmpp:bookmarks-conversion:0') && find(items('storage:bookmarks'), 'conference').attributes['name'] == 'Tea'
end
feature('XEP-0402: and of those of today', since: '23.10') { offers?(me, 'urn:xmpp:bookmarks:1#compat') && find(items('urn:xmpp:bookmarks:1'), 'conference') }
feature('XEP-0191: blocking') do
  alice.ask('set', "<block xmlns='urn:xmpp:blocking'><item jid='eve@#{DOMAIN}'/></block>")
  listed = alice.ask('get', "<blocklist xmlns='urn:xmpp:blocking'/>").to_s.include?("eve@#{DOMAIN}")
  alice.ask('set', "<unblock xmlns='urn:xmpp:blocking'/>")
  offers?(DOMAIN, 'urn:xmpp:blocking') && listed
end
feature('XEP-0357: push') do
  alice.ask('set', "<enable xmlns='urn:xmpp:push:0' jid='push.#{DOMAIN}' node='test'/>")
  offers?(me, 'urn:xmpp:push:0') && alice.ask('set', "<disable xmlns='urn:xmpp:push:0' jid='push.#{DOMAIN}'/>")
end
feature('XEP-0280: copies for the other devices') { alice.ask('set', "<enable xmlns='urn:xmpp:carbons:2'/>") && offers?(DOMAIN, 'urn:xmpp:carbons:2', 'urn:xmpp:carbons:rules:0') }
feature('XEP-0313: an archive') { find(alice.ask('set', "<query xmlns='urn:xmpp:mam:2'><set xmlns='http://jabber.org/protocol/rsm'><max>1</max></set></query>"), 'fin') && offers?(me, 'urn:xmpp:mam:2') }
feature('XEP-0359: its ids') { offers?(me, 'urn:xmpp:sid:0') }
feature('XEP-0160: messages for who is away') { offers?(DOMAIN, 'msgoffline') }
feature('XEP-0013: and a look at them') { offers?(me, 'http://jabber.org/protocol/offline') }
