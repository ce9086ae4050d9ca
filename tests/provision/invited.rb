# frozen_string_literal: true

# Somebody with an invitation makes an account (XEP-0445) and logs in. usage: invited.rb ADDRESS AUTHORITY NAME TOKEN
require_relative 'xmpp'

address, authority, name, token = ARGV
begin
  client = Xmpp.new(address, authority, 'chat.example')
  client.ask('set', "<preauth xmlns='urn:xmpp:pars:0' token='#{token}'/>", to: 'chat.example')
  client.ask('set', "<query xmlns='jabber:iq:register'><username>#{name}</username><password>new-#{name}-secret</password></query>", to: 'chat.example')
  puts Xmpp.new(address, authority, 'chat.example').login(name, "new-#{name}-secret").jid
rescue Xmpp::Refused => e
  abort "refused: #{e.message}"
end
