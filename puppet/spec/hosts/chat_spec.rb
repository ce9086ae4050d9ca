# frozen_string_literal: true

require 'spec_helper'

describe 'chat' do
  let(:pre_condition) { File.read("#{PUPPET}/manifests/site.pp") }

  context 'on Debian 12' do
    let(:server) { YAML.safe_load(content_of('/etc/ejabberd/ejabberd.yml')) }

    it { is_expected.to compile.with_all_deps }

    it 'sets up the parts in the order of the data' do
      is_expected.to contain_class('chat::firewall').that_comes_before('Class[chat::database]')
      is_expected.to contain_class('chat::database').that_comes_before('Class[chat::certificates]')
      is_expected.to contain_class('chat::certificates').that_comes_before('Class[chat::server]')
      is_expected.to contain_class('chat::server').that_comes_before('Class[chat::accounts]')
      is_expected.to contain_class('chat::accounts').that_comes_before('Class[chat::package]')
      is_expected.to contain_class('chat::package').that_comes_before('Class[chat::updates]')
    end

    it 'takes security updates by itself' do
      is_expected.to contain_file('/etc/apt/apt.conf.d/20auto-upgrades').with_content(%r{^APT::Periodic::Unattended-Upgrade "1";$})
    end

    describe 'secrets' do
      it 'are Sensitive wherever they are a parameter' do
        told = open_parameters.select { |_, value| ALL_SECRETS.any? { |secret| value.include?(secret) } }
        expect(told.map(&:first)).to eq([])
      end

      it 'are in files that only root and ejabberd read, and that Puppet neither shows nor keeps' do
        { '/etc/ejabberd/ejabberd.yml' => '0640', '/etc/ejabberd/tls/server.key' => '0640', '/var/lib/ejabberd/.erlang.cookie' => '0400' }.each do |file, mode|
          is_expected.to contain_file(file).with(mode: mode, group: 'ejabberd', show_diff: false, backup: false)
        end
        is_expected.to contain_file('/root/.chat-database.cnf').with(mode: '0600', owner: 'root', show_diff: false, backup: false)
      end

      it 'are in no command' do
        commands = catalogue.resources.select { |resource| resource.type == 'Exec' }.map { |resource| resource.to_hash.inspect }
        expect(commands).to all(satisfy { |command| ALL_SECRETS.none? { |secret| command.include?(secret) } })
      end
    end

    describe 'what listens' do
      it 'is for people: STARTTLS, direct TLS, and files' do
        outside = server['listen'].reject { |listener| listener['ip'] == '127.0.0.1' || listener['transport'] == 'udp' }
        expect(outside.map { |listener| listener['port'] }).to contain_exactly(5222, 5223, 5443)
        expect(outside).to all(satisfy { |listener| listener['tls'] || listener['starttls_required'] })
      end

      it 'relays calls, but not to what is not for others' do
        relay = server['listen'].find { |listener| listener['module'] == 'ejabberd_stun' }
        expect(relay).to include('transport' => 'udp', 'use_turn' => true, 'turn_ipv4_address' => '192.0.2.1', 'turn_blacklist' => include('127.0.0.0/8', '169.254.0.0/16'))
      end

      it 'takes no password that is told, and limits what one person keeps' do
        expect(server['disable_sasl_mechanisms']).to include('PLAIN')
        expect(server['shaper_rules']).to include('hard_upload_quota' => 1100)
        expect(server['modules']).to include('mod_http_upload_quota')
      end

      it 'does not talk to other servers' do
        expect(server['listen'].map { |listener| listener['module'] }).not_to include('ejabberd_s2s_in')
        expect(server['listen'].map { |listener| listener['port'] }).not_to include(5269)
        expect(server['s2s_access']).to eq('none')
      end

      it 'keeps administration on loopback, and asks for a password there' do
        administration = server['listen'].select { |listener| (listener['request_handlers'] || {}).values.intersect?(%w[ejabberd_web_admin mod_http_api]) }
        expect(administration.map { |listener| listener['ip'] }).to eq(['127.0.0.1'])
        expect(server['api_permissions'].values.map { |rule| rule['who'] }).to contain_exactly('all', { 'acl' => 'admin' })
        expect(server['api_permissions']['console commands']['from']).to eq(['ejabberd_ctl'])
        expect(server['acl']['admin']).to eq('user' => ['admin@chat.example'])
      end

      it 'keeps Erlang and the database on loopback' do
        is_expected.to contain_file('/etc/default/ejabberd').with_content(%r{^INET_DIST_INTERFACE=127\.0\.0\.1$})
        is_expected.to contain_file('/etc/systemd/system/epmd.socket.d/loopback.conf').with_content(%r{^ListenStream=\nListenStream=127\.0\.0\.1:4369$})
        is_expected.to contain_file('/etc/mysql/mariadb.conf.d/90-chat.cnf').with_content(%r{^bind-address = 127\.0\.0\.1$})
      end

      it 'is behind a firewall that opens nothing else, but ssh' do
        is_expected.to contain_file('/etc/chat-firewall/rules.nft').with_content(%r{tcp dport \{ 22, 5222, 5223, 5443, 7777 \} accept\n        udp dport \{ 3478, 49152-49407 \} accept\n        meta l4proto tcp reject})
      end

      it 'has no open registration' do
        expect(server['modules'].keys).not_to include('mod_register')
      end
    end

    describe 'what chat needs' do
      it 'keeps everything in the database' do
        expect(server).to include('default_db' => 'sql', 'new_sql_schema' => true, 'auth_method' => ['sql'], 'auth_password_format' => 'scram')
      end

      it 'archives every message, and keeps them for people who are away' do
        expect(server['modules']['mod_mam']).to include('default' => 'always')
        expect(server['modules']['mod_offline']).not_to include('use_mam_for_storage')
        expect(server['shaper_rules']).to include('max_user_offline_messages' => 100_000, 'c2s_shaper' => 'none')
      end

      it 'lets messages of 900 kB through' do
        clients = server['listen'].select { |listener| listener['module'] == 'ejabberd_c2s' }
        expect(clients.map { |listener| listener['max_stanza_size'] }).to all(eq(1_048_576))
      end

      it 'has an account for each name' do
        %w[admin alice bob].each { |name| is_expected.to contain_ejabberd_account("#{name}@chat.example").with_ensure('present') }
      end

      it 'finds itself without DNS, and trusts its own authority' do
        is_expected.to contain_exec('address of chat.example').with_unless("grep -qxF '127.0.0.1 chat.example conference.chat.example pubsub.chat.example upload.chat.example' /etc/hosts")
        is_expected.to contain_file('/usr/local/share/ca-certificates/chat-ca.crt').that_notifies('Exec[update-ca-certificates]')
      end
    end
  end

  {
    'Ubuntu 14.04' => { ejabberd: '26.07', database: %w[mysql-server-5.6 mysql-client-5.6], config: '/opt/ejabberd/conf', upgrades: false },
    'Ubuntu 22.04' => { ejabberd: '26.07', database: %w[mariadb-server mariadb-client], config: '/opt/ejabberd/conf', upgrades: true },
    'Ubuntu 24.04' => { ejabberd: '26.07', database: %w[mariadb-server mariadb-client], config: '/opt/ejabberd/conf', upgrades: true },
    'Debian 13' => { ejabberd: '24.12', database: %w[mariadb-server mariadb-client], config: '/etc/ejabberd', upgrades: true },
    'Debian sid' => { ejabberd: '26.07', database: %w[mariadb-server mariadb-client], config: '/etc/ejabberd', upgrades: true }
  }.each do |name, expected|
    context "on #{name}" do
      let(:facts) { SYSTEMS[name] }
      let(:server) { YAML.safe_load(content_of("#{expected[:config]}/ejabberd.yml")) }

      it { is_expected.to compile.with_all_deps }

      it 'reaches the database by its socket only' do
        expect(server['sql_server']).to start_with('unix:/')
        expected[:database].each { |package| is_expected.to contain_package(package).that_comes_before('Service[database]') }
        is_expected.to contain_file(catalogue.resource('class', 'chat::database')[:config_file]).with_content(%r{^skip-networking$})
        is_expected.to contain_exec('the database and its user').with_command(%r{ ejabberd ejabberd '[A-Z,]+' localhost\z})
      end

      it 'lets ejabberd change its own tables where the database can do it' do
        expect(server['update_sql_schema']).to be(expected[:upgrades])
        is_expected.to contain_exec('the database and its user').with_command(expected[:upgrades] ? %r{'ALTER,CREATE,DELETE,DROP,INDEX,INSERT,SELECT,UPDATE'} : %r{'DELETE,INSERT,SELECT,UPDATE'})
      end

      it 'registers nobody who is not invited' do
        expect(server['modules']['mod_register']).to eq(expected[:ejabberd] == '26.07' ? { 'allow_modules' => ['mod_invites'] } : nil)
      end

      it "has the options of ejabberd #{expected[:ejabberd]}" do
        newest = expected[:ejabberd] == '26.07'
        expect(server.keys.include?('sql_schema_multihost')).to be(newest)
        expect(server['modules']['mod_auth_fast']).to eq('db_type' => newest ? 'sql' : 'mnesia')
      end
    end
  end

  context 'on Ubuntu 14.04' do
    let(:facts) { SYSTEMS['Ubuntu 14.04'] }

    it 'checks the package of ejabberd before it stops the old one and installs the new one' do
      is_expected.to contain_exec('check the package of ejabberd').that_comes_before('Exec[stop ejabberd before its upgrade]')
      is_expected.to contain_exec('stop ejabberd before its upgrade').that_comes_before('Package[ejabberd]')
      is_expected.to contain_package('ejabberd').with(provider: 'dpkg', source: '/srv/chat/cache/ejabberd_26.07-1_amd64.deb', ensure: 'latest')
    end

    it 'has nothing of systemd' do
      is_expected.not_to contain_class('ejabberd::install::systemd')
      expect(catalogue.resources.map(&:title).grep(%r{systemd})).to eq([])
      is_expected.to contain_file('/etc/insserv/overrides/ejabberd').with_content(%r{^# Should-Start: +mysql$})
      is_expected.to contain_service('ejabberd').with_enable(true)
    end

    it 'has a firewall that its kernel knows' do
      is_expected.to contain_package('iptables')
      is_expected.not_to contain_package('nftables')
      is_expected.to contain_file('/etc/chat-firewall/rules.v4').with_content(%r{^-A CHAT -p tcp --dport 5443 -j ACCEPT$})
      is_expected.to contain_file('/etc/init.d/chat-firewall').with_mode('0755').that_comes_before('Service[chat-firewall]')
    end

    it 'keeps Erlang on loopback' do
      is_expected.to contain_file('/opt/ejabberd/conf/ejabberdctl.cfg').with_content(%r{^INET_DIST_INTERFACE=127\.0\.0\.1$}).with_content(%r{^ERL_EPMD_ADDRESS=127\.0\.0\.1$})
    end
  end

  { 'Ubuntu 16.04' => 'xenial', 'Debian 11' => 'bullseye', 'Fedora 41' => 'bookworm' }.each do |name, codename|
    context "on #{name}" do
      let(:facts) { facts_of(*name.split, codename) }

      it { is_expected.to compile.and_raise_error(%r{#{name} is not supported}) }
    end
  end
end
