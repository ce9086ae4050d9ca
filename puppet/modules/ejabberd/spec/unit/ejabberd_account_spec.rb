# frozen_string_literal: true

require 'spec_helper'
require 'puppet/type/ejabberd_account'

describe Puppet::Type.type(:ejabberd_account) do
  let(:account) { described_class.new(jid: 'alice@chat.example', password: 'a "secret" wörd') }
  let(:provider) { account.provider }
  let(:calls) { [] }

  def ejabberd_answers(word)
    allow(Open3).to receive(:capture3) do |*command, stdin_data:|
      calls << { command: command, input: stdin_data }
      ["#{word}\n", '', nil]
    end
  end

  it 'wants an address of the form user@domain' do
    expect { described_class.new(jid: 'alice') }.to raise_error(Puppet::Error, %r{user@domain})
  end

  it 'wants a password of one line' do
    expect { described_class.new(jid: 'a@b', password: "two\nlines") }.to raise_error(Puppet::Error, %r{one line})
  end

  it 'never says the password, whatever happens to it' do
    property = account.property(:password)
    said = [property.change_to_s('old', 'new'), property.is_to_s('old'), property.should_to_s('new')]
    expect(said).to eq(['changed the password', '[old password]', '[new password]'])
  end

  it 'gives ejabberd the password on standard input, and not in a command' do
    ejabberd_answers('yes')
    provider.create
    expect(calls.first[:input]).to eq("ejabberd@localhost\ntry_register\nalice\nchat.example\na \"secret\" wörd\n")
    expect(calls.first[:command].join(' ')).not_to include('secret')
  end

  it 'changes nothing when the password is the right one' do
    ejabberd_answers('yes')
    expect(account.property(:password)).to be_safe_insync(provider.password)
  end

  it 'changes a password that ejabberd does not accept' do
    ejabberd_answers('no')
    expect(account.property(:password)).not_to be_safe_insync(provider.password)
  end

  it 'keeps a word, and not the password, as the value it found' do
    ejabberd_answers('yes')
    expect(provider.password).to eq(:right)
  end

  it 'says why when ejabberd does not answer' do
    ejabberd_answers('not running, or another cookie')
    expect { provider.exists? }.to raise_error(Puppet::Error, 'ejabberd, user_exists: not running, or another cookie')
  end

  it 'does not quote a dying Erlang that was given a password' do
    allow(Open3).to receive(:capture3).and_return(['', 'badmatch <<"a secret">>', nil])
    expect { provider.create }.to raise_error(Puppet::Error, 'ejabberd, try_register: no answer from the Erlang machine')
    expect { provider.exists? }.to raise_error(Puppet::Error, %r{badmatch})
  end

  it 'removes an account' do
    ejabberd_answers('yes')
    provider.destroy
    expect(calls.first[:input].lines[1]).to eq("remove_user\n")
  end
end
