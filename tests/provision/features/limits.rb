# frozen_string_literal: true

# What one person, or somebody without an account, can make the server keep. With the settings of ../limits, where a limit is too high
# to be reached in a test.

LARGEST = 104_857_600
PIECE = 'x' * 400_000

def put(address, bytes)
  http(address) { |server| server.send_request('PUT', address.request_uri, bytes).code }
end

def there?(address)
  http(address) { |server| server.get(address.request_uri).code } == '200'
end

def upload
  place, address = slot(PIECE.size)
  taken = put(place, PIECE)
  taken == '201' or raise Xmpp::Refused, "a file was not taken: #{taken}"
  address
end

def ended?(client)
  loop { return true if client.read.name == 'error' }
rescue Xmpp::Refused => e
  e.message == 'the server ended the connection'
rescue SystemCallError
  true
end

def write(client, text)
  client.write(text)
rescue SystemCallError, OpenSSL::SSL::SSLError
  nil    # the server has ended the connection already
end

feature('XEP-0363: a place is for one file') do
  place, address = slot(3)
  put(place, 'one') == '201' && put(place, 'two') != '201' && there?(address)
end
feature('XEP-0363: without a place nothing is taken') { put(URI("https://#{DOMAIN}:5443/upload/0123/4567/file"), 'x') == '403' }
# Five fit below the upper one; of them one, and the sixth, below the lower one. Asking for a place is what makes files go, and it is not waited
# for: a file that comes meanwhile may be among them.
feature('the quota: above the upper one, files go until it is the lower one') do
  files = Array.new(5) { upload }
  before = files.count { |address| there?(address) }
  place, address = slot(PIECE.size)
  limit = Time.now + Xmpp::LIMIT
  sleep 0.2 while files.count { |each| there?(each) } > 1 && Time.now < limit
  after = files.count { |each| there?(each) }
  @reason = "#{before} before, #{after} after"
  before == 5 && after == 1 && put(place, PIECE) == '201' && there?(address)
end
# Last of the files: a place counts as if it were used.
feature('XEP-0363: a place for the largest file') { slot(LARGEST) }
feature('XEP-0363: none for a larger one') { refused?('file-too-large') { slot(LARGEST + 1) } }
feature('a stanza of more than 1 MiB ends the connection') do
  client = connect('bob')
  write(client, "<message to='alice@#{DOMAIN}'><body>#{'x' * 1_200_000}</body></message>")
  ended?(client)
end
feature('and one of 900 kB does not') do
  client = connect('bob')
  client.write("<message to='nobody@#{DOMAIN}' type='headline'><body>#{'x' * 900_000}</body></message>")
  client.ask('get', "<ping xmlns='urn:xmpp:ping'/>", to: DOMAIN)
end
feature('sessions of one person: the oldest goes when there are too many') do
  oldest, *others = Array.new(4) { connect('bob') }
  ended?(oldest) && others.last.ask('get', "<ping xmlns='urn:xmpp:ping'/>", to: DOMAIN)
end
feature('the queue of one person: what does not fit comes back') do
  7.times { |number| alice.write("<message to='bob@#{DOMAIN}' type='chat' id='queue-#{number}'><body>#{number}</body></message>") }
  came = alice.read until came && came.name == 'message' && came.attributes['type'] == 'error'
  came.attributes['id'] == 'queue-5' || (@reason = came.attributes['id']) && false
end
