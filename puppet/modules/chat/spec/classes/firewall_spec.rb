# frozen_string_literal: true

require 'spec_helper'

describe 'chat::firewall' do
  let(:pre_condition) { "class { 'chat': parts => ['firewall'] }" }
  let(:rules) { catalogue.resource('file', '/etc/chat-firewall/rules.nft')[:content] }

  it { is_expected.to compile.with_all_deps }

  it 'loads its rules at boot, and when they are not loaded' do
    is_expected.to contain_service('chat-firewall').with_enable(true)
    is_expected.to contain_exec('load the rules of the firewall').with_unless('/usr/local/sbin/chat-firewall status')
    is_expected.to contain_file('/etc/systemd/system/chat-firewall.service').with_content(%r{^Before=network-pre\.target})
  end

  it 'lets nobody have all connections' do
    expect(rules).to include('tcp dport { 5222, 5223, 5443, 7777 } add @each4 { ip saddr ct count over 200 } reject')
    expect(rules).to include('add @each6 { ip6 saddr & ffff:ffff:ffff:ffff:: ct count over 200 } reject')
    expect(rules).to include('tcp dport { 5222, 5223, 5443, 7777 } ct count over 500 reject')
  end

  context 'with much memory' do
    let(:facts) { DEBIAN_12.merge(memory: { 'system' => { 'total_bytes' => 8_200_000_000 } }) }

    it('lets more in') { expect(rules).to include('ct count over 3750 reject') }
  end

  context 'with a small machine, and by iptables' do
    let(:facts) { DEBIAN_12.merge(memory: { 'system' => { 'total_bytes' => 260_000_000 } }) }
    let(:pre_condition) { "class { 'chat::firewall': backend => 'iptables', connections_each => 20 }\n#{super()}" }

    it 'is the same' do
      is_expected.to contain_file('/etc/chat-firewall/rules.v4')
        .with_content(%r{--dports 5222,5223,5443,7777 -m connlimit --connlimit-above 20 --connlimit-mask 32 -j REJECT})
        .with_content(%r{--dports 5222,5223,5443,7777 -m connlimit --connlimit-above 500 --connlimit-mask 0 -j REJECT})
      is_expected.to contain_file('/etc/chat-firewall/rules.v6').with_content(%r{--connlimit-above 20 --connlimit-mask 64 })
    end
  end

  context 'where sshd listens elsewhere' do
    let(:facts) { DEBIAN_12.merge(chat_ssh_ports: [2222, 2022]) }

    it('leaves it open') { expect(rules).to include('tcp dport { 2222, 2022, 5222, 5223, 5443, 7777 } accept') }
  end

  context 'without sshd' do
    let(:facts) { DEBIAN_12.merge(chat_ssh_ports: []) }

    it('leaves the usual port open') { expect(rules).to include('tcp dport { 22, ') }
  end

  context 'with certificates by ACME' do
    let(:facts) { DEBIAN_12.merge(networking: { 'hostname' => 'acme' }) }

    it('lets the authority in') { expect(rules).to include('7777, 80 }') }
  end

  context 'with ports of one\'s own' do
    let(:pre_condition) { "class { 'chat::firewall': tcp => [443, '49152-49407'], udp => [53], from => { '10.0.0.0/8' => [3306], 'fd00::/8' => [4369] } }\n#{super()}" }

    it 'opens them' do
      expect(rules).to include("tcp dport { 22, 443, 49152-49407 } accept\n        udp dport { 53, 3478, 49152-49407 } accept")
      expect(rules).to include("ip saddr 10.0.0.0/8 tcp dport { 3306 } accept\n        ip6 saddr fd00::/8 tcp dport { 4369 } accept")
    end

    context 'by iptables' do
      let(:pre_condition) { super().sub('tcp =>', "backend => 'iptables', tcp =>") }

      it 'opens each for its own protocol' do
        is_expected.to contain_file('/etc/chat-firewall/rules.v4').with_content(%r{--dport 49152:49407 }).with_content(%r{-s 10\.0\.0\.0/8 .* 3306 }).without_content(%r{fd00})
        is_expected.to contain_file('/etc/chat-firewall/rules.v6').with_content(%r{-s fd00::/8 .* 4369 }).without_content(%r{10\.0\.0\.0})
      end
    end
  end

  context 'when a port is none' do
    let(:pre_condition) { "class { 'chat::firewall': tcp => ['80 accept; drop'] }\n#{super()}" }

    it { is_expected.to compile.and_raise_error(%r{tcp}) }
  end

  context 'when it is turned off' do
    let(:pre_condition) { "class { 'chat::firewall': enabled => false }\n#{super()}" }

    it 'leaves nothing of it' do
      is_expected.to contain_service('chat-firewall').with_enable(false).that_comes_before('File[/etc/systemd/system/chat-firewall.service]')
      is_expected.to contain_file('/etc/chat-firewall').with_ensure('absent')
      is_expected.not_to contain_package('nftables')
    end
  end
end
