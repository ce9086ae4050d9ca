# frozen_string_literal: true

# What a server for instant messaging has to do, looked at from outside, feature by feature: the compliance suite (XEP-0479), advanced, and
# what the compliance tester of Conversations asks for. What this version of ejabberd cannot do is said, and has to be so.
# usage: features.rb ADDRESS AUTHORITY VERSION [PART...]      the passwords of alice and bob: two lines on standard input
require 'net/http'
require_relative 'xmpp'

ADDRESS, AUTHORITY, VERSION, *PARTS = ARGV
DOMAIN = 'chat.example'
PASSWORDS = %w[alice bob].to_h { |name| [name, $stdin.gets.chomp] }
DISCO = 'http://jabber.org/protocol/disco'
PUBSUB = 'http://jabber.org/protocol/pubsub'
PICTURE = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

@passed = @failed = 0

def connect(name = nil, **options)
  client = Xmpp.new(ADDRESS, AUTHORITY, DOMAIN, as: name || 'alice', **options)
  name ? client.login(name, PASSWORDS.fetch(name)) : client
end

def alice
  @alice ||= connect('alice')
end

# since: what older ones do not have yet, and must not seem to.
def feature(name, since: nil)
  works = begin
    yield
  rescue Xmpp::Refused, OpenSSL::SSL::SSLError, SystemCallError => e
    @reason = e.message
    false
  end
  lacks = since && Gem::Version.new(VERSION) < Gem::Version.new(since)
  right = lacks ? !works : works
  right ? @passed += 1 : @failed += 1
  puts "#{'not ' unless right}ok #{name}#{" (not in ejabberd #{VERSION}: since #{since})" if lacks}#{": #{@reason}" unless right}"
  @reason = nil
end

def refused?(condition = nil)
  yield
  false
rescue Xmpp::Refused => e
  @reason = e.message
  condition.nil? || e.message == condition
end

def info(jid)
  (@info ||= {})[jid] ||= alice.ask('get', "<query xmlns='#{DISCO}#info'/>", to: jid)
end

def offers?(jid, *names)
  found = info(jid).get_elements('*/*[local-name()="feature"]').map { |each| each.attributes['var'] }
  (names - found).empty? || (@reason = "#{(names - found).join(', ')} missing") && false
end

def find(answer, name)
  answer.get_elements(".//*[local-name()='#{name}']").first
end

# The service of this server that offers something.
def service(namespace)
  items = alice.ask('get', "<query xmlns='#{DISCO}#items'/>", to: DOMAIN).get_elements('*/*').map { |item| item.attributes['jid'] }
  items.find { |jid| offers?(jid, namespace) } or raise Xmpp::Refused, "nobody offers #{namespace}"
end

def has?(features, name, namespace)
  features.elements.any? { |each| each.name == name && each.namespace == namespace }
end

def options(kind, **fields)
  values = fields.map { |name, value| "<field var='pubsub##{name}'><value>#{value}</value></field>" }
  "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'><value>#{PUBSUB}##{kind}</value></field>#{values.join}</x>"
end

def publish(node, payload, **fields)
  alice.ask('set', "<pubsub xmlns='#{PUBSUB}'><publish node='#{node}'><item id='current'>#{payload}</item></publish>" \
                   "<publish-options>#{options('publish-options', **fields)}</publish-options></pubsub>")
end

def items(node)
  alice.ask('get', "<pubsub xmlns='#{PUBSUB}'><items node='#{node}'/></pubsub>")
end

def http(uri)
  Net::HTTP.start(uri.host, uri.port, use_ssl: true, ca_file: AUTHORITY, ipaddr: ADDRESS) { |http| return yield http }
end

def slot(size)
  answer = alice.ask('get', "<request xmlns='urn:xmpp:http:upload:0' filename='a.txt' size='#{size}' content-type='text/plain'/>", to: service('urn:xmpp:http:upload:0'))
  %w[put get].map { |each| URI(find(answer, each).attributes['url']) }
end

(PARTS.empty? ? %w[login account people files rooms] : PARTS).each { |part| load File.join(__dir__, 'features', "#{part}.rb") }
puts "#{@passed} passed, #{@failed} failed"
exit @failed.zero?
