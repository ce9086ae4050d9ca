# frozen_string_literal: true

require 'spec_helper'

describe 'chat' do
  it { is_expected.to compile.with_all_deps }

  it 'gives the database user what ejabberd needs, and no more' do
    command = "/usr/local/sbin/chat-database ejabberd ejabberd 'DELETE,INSERT,SELECT,UPDATE' 127.0.0.1"
    is_expected.to contain_exec('the database and its user').with(command: command, unless: command.sub('chat-database', 'chat-database --check'))
  end

  it 'installs the chat command from a repository on the machine' do
    is_expected.to contain_package('chat').with_ensure('latest').that_requires('Class[chat::repository]')
    is_expected.to contain_file('/etc/apt/sources.list.d/chat.list').with_content(%r{^deb \[trusted=yes\] file:/var/lib/chat/repository \./$})
  end

  it 'keeps files that are installed by their checksum out of it, and nothing else' do
    ignored = catalogue.resource('file', '/var/lib/chat/repository/pool')[:ignore]
    expect(ignored).to include('ejabberd_26.07-1_amd64.deb', 'puppet-agent_6.28.0-1trusty_amd64.deb')
    expect(ignored.select { |pattern| File.fnmatch(pattern, 'ejabberd_23.01-1+deb12u1_amd64.deb') }).to eq([])
  end

  it 'updates the package lists before anything is installed' do
    is_expected.to contain_exec('update the package lists').that_comes_before('Class[chat::database]')
  end

  context 'without a chat package' do
    let(:facts) { DEBIAN_12.merge(chat_packages: []) }

    it 'leaves the command out' do
      is_expected.not_to contain_package('chat')
      is_expected.to contain_service('ejabberd')
    end
  end

  it 'looks for room on the disk before anything else' do
    is_expected.to contain_exec('room on the disk').that_comes_before('Class[chat::repository]').with_unless(%r{-ge 300$})
  end

  it 'gives monitoring a check, with passwords that only root reads' do
    is_expected.to contain_file('/usr/local/sbin/chat-health').with(mode: '0755')
    %w[sender reader].each { |name| is_expected.to contain_file("/var/lib/chat/health/health-#{name}").with(mode: '0600', owner: 'root', show_diff: false) }
  end

  describe 'certificates' do
    let(:server) { YAML.safe_load(content_of('/etc/ejabberd/ejabberd.yml')) }

    context 'of one\'s own' do
      let(:facts) { DEBIAN_12.merge(networking: { 'hostname' => 'provided' }) }

      it 'are taken from where they are' do
        is_expected.to contain_file('/etc/ejabberd/tls/server.pem').with_source('/etc/ssl/chat.pem')
        is_expected.to contain_file('/etc/ejabberd/tls/server.key').with(source: '/etc/ssl/chat.key', show_diff: false)
      end
    end

    context 'by ACME' do
      let(:facts) { DEBIAN_12.merge(networking: { 'hostname' => 'acme' }) }

      it 'are ejabberd\'s own matter, on port 80' do
        expect(server).not_to include('certfiles')
        expect(server['acme']).to eq('auto' => true, 'contact' => 'mailto:admin@chat.example')
        expect(server['listen'].map { |listener| listener['port'] }).to contain_exactly(5222, 5223, 5443, 5280, 3478, 80)
        is_expected.not_to contain_file('/etc/ejabberd/tls/server.key')
        is_expected.not_to contain_file('/usr/local/share/ca-certificates/chat-ca.crt')
      end
    end
  end

  context 'with other servers to talk to' do
    let(:facts) { DEBIAN_12.merge(networking: { 'hostname' => 'federated' }) }
    let(:server) { YAML.safe_load(content_of('/etc/ejabberd/ejabberd.yml')) }

    it 'wants their certificates, and opens the port' do
      expect(server).to include('s2s_access' => 'all', 's2s_use_starttls' => 'required')
      expect(server['modules']).not_to include('mod_s2s_dialback')
      expect(server['listen'].map { |listener| [listener['module'], listener['port']] }).to include(['ejabberd_s2s_in', 5269])
      is_expected.to contain_file('/etc/chat-firewall/rules.nft').with_content(/tcp dport .*\b5269\b/)
    end
  end

  context 'without calls' do
    let(:facts) { DEBIAN_12.merge(networking: { 'hostname' => 'silent' }) }

    it 'has no UDP port open' do
      is_expected.to contain_file('/etc/chat-firewall/rules.nft').without_content(/^ +udp dport/)
      expect(content_of('/etc/ejabberd/ejabberd.yml')).not_to include('stun')
    end
  end

  context 'without a network' do
    let(:params) { { offline: true } }

    it 'asks no mirror' do
      is_expected.not_to contain_exec('update the package lists')
      is_expected.to contain_exec('read the chat repository').that_comes_before('Class[chat::database]')
    end
  end

  context 'with a password of the database that SQL would take apart' do
    let(:pre_condition) { "class { 'chat::database': password => Sensitive(\"it's\") }" }

    it { is_expected.to compile.and_raise_error(%r{Chat::Database.*password}) }
  end

  context 'as a machine for the database only' do
    let(:params) { { parts: ['database'] } }

    it 'has no ejabberd' do
      is_expected.to contain_exec('the database and its user')
      is_expected.not_to contain_class('ejabberd')
    end
  end

  context 'as a machine without the database' do
    let(:params) { { parts: ['certificates', 'server'] } }

    it 'does not wait for a database that is elsewhere' do
      is_expected.to contain_file('/etc/systemd/system/ejabberd.service.d/order.conf').without_content(%r{mariadb})
    end
  end

  context 'with an account that has no password yet' do
    let(:pre_condition) { "class { 'chat::accounts': names => ['carol'] }" }

    it { is_expected.to compile.and_raise_error(%r{carol has no password yet: run puppet/bin/prepare}) }
  end
end
