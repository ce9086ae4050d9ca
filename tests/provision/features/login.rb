# frozen_string_literal: true

# Connections, certificates, passwords.

STARTTLS = 'urn:ietf:params:xml:ns:xmpp-tls'
SASL = 'urn:ietf:params:xml:ns:xmpp-sasl'

# The first features of a connection that is not encrypted.
def in_the_clear
  Xmpp.in_the_clear(ADDRESS, DOMAIN)
end

def mechanisms
  connect.features.get_elements('*[local-name()="mechanisms"]/*').map(&:text)
end

def speaks?(version)
  context = OpenSSL::SSL::SSLContext.new
  context.min_version = context.max_version = version
  context.ciphers = 'ALL:@SECLEVEL=0'
  OpenSSL::SSL::SSLSocket.new(TCPSocket.new(ADDRESS, 5223), context).connect
  true
rescue OpenSSL::SSL::SSLError => e
  raise unless e.message.match?(/alert protocol version|unexpected eof/)    # the server's doing, not ours

  false
end

feature('RFC 7590: nothing but STARTTLS before it') { in_the_clear.features.elements.map(&:name) == ['starttls'] && find(in_the_clear.features, 'required') }
feature('RFC 7590: no login before TLS') { refused? { in_the_clear.login('alice', PASSWORDS['alice']) } }
feature('RFC 7590: the certificate is good for the domain') { connect }
feature('RFC 7590: TLS 1.3') { speaks?(:TLS1_3) }
feature('RFC 7590: TLS 1.2') { speaks?(:TLS1_2) }
feature('RFC 7590: not TLS 1.1') { !speaks?(:TLS1_1) }
feature('XEP-0368: TLS from the first byte') { has?(connect(direct: true).features, 'mechanisms', SASL) }
feature('RFC 5802: SCRAM with SHA-256') { mechanisms.include?('SCRAM-SHA-256') }
feature('RFC 5802: SCRAM with SHA-512', since: '25.03') { mechanisms.include?('SCRAM-SHA-512') }
feature('RFC 5802: no mechanism that tells the server a password') { mechanisms.all?(/\ASCRAM-/) }
feature('RFC 5802: a wrong password is refused') { refused?('not-authorized') { connect.login('alice', 'wrong') } }
feature('XEP-0077: no open registration') { refused? { connect.ask('set', "<query xmlns='jabber:iq:register'><username>eve</username><password>secret-of-eve</password></query>") } }
feature('XEP-0388: SASL2', since: '24.02') { has?(connect.features, 'authentication', 'urn:xmpp:sasl:2') }
feature('XEP-0386: Bind 2', since: '24.02') { connect.features.to_s.include?('urn:xmpp:bind:0') }
feature('XEP-0484: FAST', since: '24.12') { connect.features.to_s.include?('urn:xmpp:fast:0') }
feature('XEP-0198: stream management, with resumption') do
  alice.write("<enable xmlns='urn:xmpp:sm:3' resume='true'/>")
  answer = alice.read until answer && answer.namespace == 'urn:xmpp:sm:3'
  answer.name == 'enabled' && answer.attributes['id']
end
feature('XEP-0352: client state') { has?(alice.features, 'csi', 'urn:xmpp:csi:0') }
feature('XEP-0237: versions of the contact list') { has?(alice.features, 'ver', 'urn:xmpp:features:rosterver') }
feature('XEP-0115: capabilities') { has?(alice.features, 'c', 'http://jabber.org/protocol/caps') }
feature('XEP-0199: ping') { alice.ask('get', "<ping xmlns='urn:xmpp:ping'/>", to: DOMAIN) }
feature('XEP-0092: a version, without the system') { !find(alice.ask('get', "<query xmlns='jabber:iq:version'/>", to: DOMAIN), 'os') }
feature('XEP-0157: whom to tell of abuse') { info(DOMAIN).to_s.match?(%r{var='abuse-addresses'[^>]*><value>xmpp:admin@}) }
