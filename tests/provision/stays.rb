# frozen_string_literal: true

# Somebody is connected while COMMAND changes the server's settings. Ends with 0 when COMMAND did and the connection is the same as before, and
# says what that connection, and a new one, see then: the features of the domain, and how one can log in.
# usage: stays.rb ADDRESS AUTHORITY COMMAND...      alice's password: a line on standard input
require_relative 'xmpp'

DISCO = 'http://jabber.org/protocol/disco#info'

address, authority, *command = ARGV
password = $stdin.gets.chomp
alice = Xmpp.new(address, authority, 'chat.example', as: 'alice').login('alice', password)
system(*command, in: File::NULL) or abort "#{command.first} failed"
seen = alice.ask('get', "<query xmlns='#{DISCO}'/>", to: 'chat.example').get_elements('*/*[local-name()="feature"]')
puts(seen.map { |each| each.attributes['var'] })
puts(Xmpp.new(address, authority, 'chat.example', as: 'alice').features.get_elements('.//*[local-name()="mechanism"]').map(&:text))
