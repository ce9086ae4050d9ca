# frozen_string_literal: true

# People who say to be accounts that there are not, look at what is offered, and go away again. usage: strangers.rb ADDRESS AUTHORITY COUNT
require_relative 'xmpp'

address, authority, count = ARGV
Array.new(count.to_i) { |number| Xmpp.new(address, authority, 'chat.example', as: "nobody#{number}") }.each(&:close)
