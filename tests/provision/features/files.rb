# frozen_string_literal: true

# Files that the server keeps.

feature('XEP-0363: a file is sent, and fetched') do
  put, get = slot(5)
  http(put) { |http| http.put(put.path, 'hello', 'Content-Type' => 'text/plain') }.code == '201' && http(get) { |http| http.get(get.path) }.body == 'hello'
end
feature('XEP-0363: another size than was asked for is refused') do
  put, = slot(5)
  http(put) { |http| http.put(put.path, 'hello, hello', 'Content-Type' => 'text/plain') }.code == '413'
end
feature('XEP-0363: 200 MB are refused') { refused?('file-too-large') { slot(200_000_000) } }
feature('XEP-0363: clients that are web pages') do
  put, = slot(5)
  answer = http(put) { |http| http.options(put.path, 'Origin' => 'https://client.example', 'Access-Control-Request-Method' => 'PUT') }
  %w[Origin Methods Headers].all? { |each| answer["Access-Control-Allow-#{each}"] }
end
