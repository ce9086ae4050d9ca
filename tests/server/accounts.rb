# Registers accounts PREFIX1 … PREFIXn with the password “pw” by the server's own interface on loopback. Runs in the machine.
# usage: ruby accounts.rb PREFIX COUNT
require 'json'
require 'net/http'
require 'yaml'

prefix, count = ARGV
password = YAML.load_file('/srv/chat/puppet/data/secrets.yaml').fetch('chat::accounts::passwords').fetch('admin')
Net::HTTP.start('127.0.0.1', 5280) do |http|
  (1..count.to_i).each do |number|
    request = Net::HTTP::Post.new('/api/register', 'Content-Type' => 'application/json')
    request.basic_auth('admin@chat.example', password)
    request.body = JSON.generate(user: "#{prefix}#{number}", host: 'chat.example', password: 'pw')
    answer = http.request(request)
    abort "accounts: #{answer.code} #{answer.body}" unless answer.is_a?(Net::HTTPSuccess)
  end
end
