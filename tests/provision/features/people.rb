# frozen_string_literal: true

# Calls, and files from one to the other.

def external(type)
  alice.ask('get', "<services xmlns='urn:xmpp:extdisco:2'/>", to: DOMAIN).get_elements('*/*').find { |each| each.attributes['type'] == type }
end

# RFC 5389: a request without attributes; the type of the answer, and its attributes.
def stun(type)
  socket = UDPSocket.new
  socket.connect(external('stun').attributes['host'], external('stun').attributes['port'].to_i)
  socket.send([type, 0, 0x2112A442, SecureRandom.bytes(12)].pack('nnNa12'), 0)
  socket.wait_readable(Xmpp::LIMIT) or raise Xmpp::Refused, 'no answer'
  answer = socket.recv(1500)
  [answer.unpack1('n'), answer[20..]]
end

feature('XEP-0215: STUN, by UDP') { stun(0x0001).first == 0x0101 }
feature('XEP-0215: TURN, with a password for a while') { external('turn').attributes.key?('password') && external('turn').attributes.key?('expires') }
feature('XEP-0215: and not without') { stun(0x0003).first == 0x0113 }
feature('XEP-0065: a proxy for files') do
  host = find(alice.ask('get', "<query xmlns='http://jabber.org/protocol/bytestreams'/>", to: service('http://jabber.org/protocol/bytestreams')), 'streamhost')
  socket = TCPSocket.new(host.attributes['host'], host.attributes['port'].to_i)
  socket.write([5, 1, 0].pack('C*'))
  socket.wait_readable(Xmpp::LIMIT) && socket.read(2) == "\x05\x00"
end
