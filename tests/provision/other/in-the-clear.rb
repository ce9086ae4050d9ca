# frozen_string_literal: true

# Another server that would rather not encrypt: it is told that it must, and gets no further. usage: in-the-clear.rb ADDRESS
require 'socket'

socket = TCPSocket.new(ARGV[0], 5269)
socket.write("<?xml version='1.0'?><stream:stream from='other.example' to='chat.example' version='1.0' xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams'>")
answer = +''
answer << socket.readpartial(4096) until answer.include?('</stream:features>')
abort "STARTTLS is not required: #{answer}" unless answer.match?(%r{<starttls[^>]*><required/>}) && !answer.include?('urn:xmpp:features:dialback')
socket.write("<message from='carol@other.example' to='alice@chat.example' id='clear'><body>in the clear</body></message>")
rest = socket.read.to_s
abort "it was not refused: #{rest}" unless rest.include?('error')
