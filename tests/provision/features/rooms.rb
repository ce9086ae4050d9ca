# frozen_string_literal: true

# Rooms.

MUC = 'http://jabber.org/protocol/muc'
ROOM = "test-#{SecureRandom.hex(4)}@conference.#{DOMAIN}"

def room_form(values)
  fields = values.map { |name, value| "<field var='#{name}'><value>#{value}</value></field>" }
  "<query xmlns='#{MUC}#owner'><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>#{MUC}#roomconfig</value></field>#{fields.join}</x></query>"
end

feature('XEP-0045: a room') do
  service(MUC)
  alice.write("<presence to='#{ROOM}/alice'><x xmlns='#{MUC}'/></presence>")
  joined = alice.read until joined && joined.name == 'presence' && joined.to_s.include?("code='110'")
  alice.ask('set', room_form({}), to: ROOM)
end
feature('XEP-0045: for its members, unless it says otherwise') { offers?(ROOM, 'muc_membersonly', 'muc_persistent', 'muc_hidden') }
feature('XEP-0045: which others cannot enter') do
  bob = connect('bob')
  bob.write("<presence to='#{ROOM}/bob'><x xmlns='#{MUC}'/></presence>")
  answer = bob.read until answer && answer.name == 'presence' && answer.attributes['from'].start_with?(ROOM)
  find(answer, 'registration-required')
end
feature('XEP-0153: its picture') { offers?(ROOM, 'vcard-temp') }
feature('XEP-0313: its archive') { offers?(ROOM, 'urn:xmpp:mam:2') }
feature('XEP-0359: the ids of that') { offers?(ROOM, 'urn:xmpp:sid:0') }
feature('XEP-0410: whether one is in') { alice.ask('get', "<ping xmlns='urn:xmpp:ping'/>", to: "#{ROOM}/alice") }
feature('XEP-0421: who is who', since: '23.10') { offers?(ROOM, 'urn:xmpp:occupant-id:0') }
alice.ask('set', "<query xmlns='#{MUC}#owner'><destroy/></query>", to: ROOM)
