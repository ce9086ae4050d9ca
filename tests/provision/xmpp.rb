# frozen_string_literal: true

require 'openssl'
require 'rexml/document'
require 'securerandom'
require 'socket'

# Somebody's client, for the tests from outside: TLS that is checked, SCRAM-SHA-256, and answers to what it asks. It knows nothing of
# the server's making, and no more of XMPP than it takes to look at it.
class Xmpp
  class Refused < StandardError; end
  LIMIT = 60

  attr_reader :features, :jid

  # direct: TLS from the first byte (XEP-0368); else STARTTLS. as: who one will be.
  def initialize(address, authority, domain, direct: false, as: nil)
    @as = as
    @authority = authority
    return begin_with_tls(address, domain) if direct

    begin_in_the_clear(address, domain)
    write("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
    read
    open_stream(tls: true)
  end

  # A connection that stays as it begins.
  def self.in_the_clear(address, domain)
    allocate.tap { |client| client.instance_eval { begin_in_the_clear(address, domain) } }
  end

  # RFC 5802. Extensions that the server adds to its message are signed, and otherwise let be.
  def login(name, password)
    nonce = SecureRandom.alphanumeric(24)
    bare = "n=#{name},r=#{nonce}"
    auth("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-256'>#{["n,,#{bare}"].pack('m0')}</auth>")
    first = @answer.text.unpack1('m0')
    given = first.split(',').to_h { |pair| pair.split('=', 2) }
    raise Refused, 'the nonce is another one' unless given['r'].start_with?(nonce)

    final = "c=biws,r=#{given['r']}"
    proof = proof(password, given['s'].unpack1('m0'), given['i'].to_i, "#{bare},#{first},#{final}")
    auth("<response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>#{["#{final},p=#{[proof].pack('m0')}"].pack('m0')}</response>")
    open_stream
    @jid = ask('set', "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>").elements['*/*[local-name()="jid"]'].text
    self
  end

  # The answer to an iq; `Refused` with the error's condition when it is one.
  def ask(type, payload, to: nil)
    id = "t#{@ids += 1}"
    write("<iq type='#{type}' id='#{id}'#{to && " to='#{to}'"}>#{payload}</iq>")
    answer = read until answer && answer.name == 'iq' && answer.attributes['id'] == id
    return answer unless answer.attributes['type'] == 'error'

    raise Refused, answer.elements['*[local-name()="error"]/*'].name
  end

  def write(text)
    @io.write(text)
  end

  # The next stanza.
  def read
    loop do
      stanza = take and return stanza
      receive
    end
  end

  def close
    @io.close
  end

  private

  def begin_in_the_clear(address, domain, port: 5222, tls: false)
    @domain = domain
    @ids = 0
    @buffer = +''
    @io = TCPSocket.new(address, port)
    open_stream(tls: tls)
  end

  def begin_with_tls(address, domain)
    begin_in_the_clear(address, domain, port: 5223, tls: true)
  end

  def receive
    @buffer << @io.read_nonblock(65_536).force_encoding('UTF-8')
  rescue IO::WaitReadable
    @io.to_io.wait_readable(LIMIT) or raise Refused, "no answer within #{LIMIT} s"
  rescue EOFError, OpenSSL::SSL::SSLError
    raise Refused, 'the server ended the connection'
  end

  def auth(element)
    write(element)
    @answer = read
    raise Refused, @answer.elements['*'].name if @answer.name == 'failure'
  end

  def proof(password, salt, rounds, message)
    digest = ->(key, text) { OpenSSL::HMAC.digest('SHA256', key, text) }
    salted = OpenSSL::KDF.pbkdf2_hmac(password, salt: salt, iterations: rounds, length: 32, hash: 'SHA256')
    key = digest.call(salted, 'Client Key')
    signature = digest.call(OpenSSL::Digest.digest('SHA256', key), message)
    key.bytes.zip(signature.bytes).map { |one, other| one ^ other }.pack('C*')
  end

  def open_stream(tls: false)
    start_tls if tls
    @buffer.clear
    # Newer servers offer more to who says whom they are, which nobody does in the clear.
    from = " from='#{@as}@#{@domain}'" if tls && @as
    write("<?xml version='1.0'?><stream:stream#{from} to='#{@domain}' version='1.0' xml:lang='en' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>")
    @features = read
  end

  def start_tls
    context = OpenSSL::SSL::SSLContext.new
    context.set_params(verify_mode: OpenSSL::SSL::VERIFY_PEER, ca_file: @authority, min_version: :TLS1_2)
    context.alpn_protocols = ['xmpp-client']
    @io = OpenSSL::SSL::SSLSocket.new(@io, context)
    @io.sync_close = true
    @io.hostname = @domain
    @io.connect
    @io.post_connection_check(@domain)
  end

  # Whether a whole stanza is in the buffer is found by trying.
  def take
    text = @buffer.sub(/\A\s*(<\?xml.*?\?>\s*)?(<stream:stream[^>]*>)?/m, '')
    return if text.empty?

    ending = text.index('>')
    while ending
      stanza = parse(text[0..ending])
      break @buffer = text[(ending + 1)..] if stanza
      ending = text.index('>', ending + 1)
    end
    stanza
  end

  def parse(text)
    REXML::Document.new("<r xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>#{text}</r>").root.elements[1]
  rescue REXML::ParseException
    nil
  end
end
