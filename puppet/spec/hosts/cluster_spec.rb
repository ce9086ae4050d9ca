# frozen_string_literal: true

require 'spec_helper'

# The cluster of data/cluster.yaml.example: the directory fixtures/cluster, which `domain` names.
def machine(name, system = DEBIAN_12)
  system.merge(networking: { 'hostname' => name, 'domain' => 'cluster' }, hostname: name, fqdn: "#{name}.cluster")
end

describe 'a cluster' do
  let(:pre_condition) { File.read("#{PUPPET}/manifests/site.pp") }
  let(:server) { YAML.safe_load(content_of('/etc/ejabberd/ejabberd.yml')) }

  context 'its database' do
    let(:facts) { machine('db') }

    it { is_expected.to compile.with_all_deps }

    it 'listens on the private network, and knows the nodes only' do
      is_expected.to contain_file('/etc/mysql/mariadb.conf.d/90-chat.cnf').with_content(%r{^bind-address = 192\.168\.56\.20$})
      is_expected.to contain_exec('the database and its user').with_command(%r{'DELETE,INSERT,SELECT,UPDATE' 192\.168\.56\.11 192\.168\.56\.12 192\.168\.56\.13\z})
    end

    it 'is reached by the nodes only, and by ssh' do
      rules = content_of('/etc/chat-firewall/rules.nft')
      expect(rules.scan(%r{saddr (\S+) tcp dport \{ (.*?) \}})).to eq((1..3).map { |number| ["192.168.56.1#{number}", '3306'] })
      expect(rules).to match(%r{^ +tcp dport \{ 22 \} accept$})
    end

    it 'has the tables of ejabberd, but no ejabberd' do
      is_expected.to contain_exec('load the tables of ejabberd').that_requires('Exec[take the tables out of the package of ejabberd]')
      is_expected.not_to contain_package('ejabberd')
    end
  end

  NEEDED_SECRETS.each do |name, needed|
    context "its machine #{name}" do
      let(:facts) { machine(name) }

      it('uses the secrets that it is given, and no other') { expect(secrets_of_catalogue).to match_array(needed) }
    end
  end

  context 'its database on Debian 13' do
    let(:facts) { machine('db', SYSTEMS['Debian 13']) }

    it 'does not keep to its socket' do
      is_expected.to contain_file('/etc/mysql/mariadb.conf.d/90-chat.cnf').without_content(%r{skip-networking})
    end
  end

  context 'its first node' do
    let(:facts) { machine('chat1') }

    it { is_expected.to compile.with_all_deps }

    it 'asks for the database before it installs a server' do
      is_expected.to contain_exec('the database on db').that_comes_before('Class[ejabberd]')
      expect(server['sql_server']).to eq('db')
      is_expected.not_to contain_class('chat::database')
      is_expected.not_to contain_exec('load the tables of ejabberd')
    end

    it 'is reached by the other nodes on the private network only' do
      is_expected.to contain_file('/etc/default/ejabberd')
        .with_content(%r{^ERLANG_NODE=ejabberd@chat1$}).with_content(%r{^INET_DIST_INTERFACE=192\.168\.56\.11$}).with_content(%r{^ERL_DIST_PORT=5210$})
    end

    it 'is reached by the balancer and the other nodes only, each on its ports' do
      rules = content_of('/etc/chat-firewall/rules.nft')
      nodes = (1..3).map { |number| ["192.168.56.1#{number}", '5210'] }
      expect(rules.scan(%r{saddr (\S+) tcp dport \{ (.*?) \}})).to contain_exactly(*nodes, ['192.168.56.10', '5220, 5222, 5223, 5443'])
      expect(rules).to match(%r{^ +tcp dport \{ 22 \} accept$})
      expect(server['listen'].map { |listener| listener['module'] }.uniq).to contain_exactly('ejabberd_c2s', 'ejabberd_http')
    end

    it 'joins its peers after its service runs, and before there are accounts' do
      command = '/usr/local/sbin/ejabberd-cluster join ejabberd ejabberd@chat1 5210 ejabberd@chat2 ejabberd@chat3'
      is_expected.to contain_exec('join the cluster').with(command: command, unless: command.sub(' join ', ' joined '))
                                                     .that_requires('Service[ejabberd]').that_comes_before('Ejabberd_account[alice@chat.example]')
      is_expected.to contain_ejabberd_account('alice@chat.example').with(node: 'ejabberd@chat1', port: 5210)
    end

    it 'looks each minute whether it is apart from the others' do
      is_expected.to contain_file('/etc/systemd/system/ejabberd-cluster.service')
        .with_content(%r{^ExecStart=/usr/local/sbin/ejabberd-cluster rejoin ejabberd ejabberd@chat1 5210 ejabberd@chat2 ejabberd@chat3$})
      is_expected.to contain_service('ejabberd-cluster.timer').with(ensure: 'running', enable: true).that_requires('Exec[join the cluster]')
    end

    it 'takes people from the balancer, by the PROXY protocol, and itself without it' do
      people = server['listen'].select { |listener| [5222, 5223, 5443].include?(listener['port']) }
      expect(people.map { |listener| [listener['port'], listener['ip'], listener['use_proxy_protocol']] }).to contain_exactly(
        [5222, '192.168.56.11', true], [5223, '192.168.56.11', true], [5443, '192.168.56.11', true],
        [5222, '127.0.0.1', nil], [5223, '127.0.0.1', nil], [5443, '127.0.0.1', nil]
      )
    end

    it 'answers the checks of the balancer on a port without it' do
      checks = server['listen'].select { |listener| listener['port'] == 5220 }
      expect(checks).to contain_exactly(hash_including('ip' => '192.168.56.11', 'module' => 'ejabberd_c2s', 'starttls_required' => true))
      expect(checks.first).not_to include('use_proxy_protocol')
    end

    it 'keeps the files' do
      expect(server['modules']).to include('mod_http_upload')
    end
  end

  context 'another node' do
    let(:facts) { machine('chat2') }

    it { is_expected.to compile.with_all_deps }

    it 'leaves the files, and the accounts, to the first' do
      expect(server['modules'].keys.grep(%r{upload|proxy65})).to eq([])
      is_expected.not_to contain_class('chat::accounts')
    end
  end

  context 'a node without systemd' do
    let(:facts) { machine('chat2', SYSTEMS['Ubuntu 14.04']) }

    it { is_expected.to compile.with_all_deps }

    it 'looks each minute by cron' do
      is_expected.to contain_file('/etc/cron.d/ejabberd-cluster').with_mode('0644').with_content(
        %r{^PATH=/usr/sbin:.*\n\* \* \* \* \* root /usr/local/sbin/ejabberd-cluster rejoin \S+ ejabberd@chat2 5210 ejabberd@chat1 ejabberd@chat3$}
      )
      is_expected.not_to contain_service('ejabberd-cluster.timer')
    end
  end

  context 'its balancer' do
    let(:facts) { machine('balancer') }
    let(:configuration) { content_of('/etc/haproxy/haproxy.cfg') }

    it { is_expected.to compile.with_all_deps }

    it 'passes connections to every node, and files to one' do
      %w[xmpp xmpps].zip([5222, 5223]).each do |name, port|
        expect(configuration[%r{^listen #{name}\n.*?\n\n}m].scan(%r{^ +server (\S+) (\S+)}))
          .to eq((1..3).map { |number| ["chat#{number}", "192.168.56.1#{number}:#{port}"] })
      end
      expect(configuration[%r{^listen files\n.*}m].scan(%r{^ +server (\S+)}).flatten).to eq(['chat1'])
      expect(configuration).to match(%r{default-server .* send-proxy-v2 })
    end

    it 'is open for people, and nothing else of it' do
      rules = content_of('/etc/chat-firewall/rules.nft')
      expect(rules).to include('tcp dport { 22, 5222, 5223, 5443 } accept')
      expect(rules).not_to match(%r{3478|7777|saddr \S+ tcp})
    end

    it 'is started with its configuration, not before' do
      is_expected.to contain_package('haproxy').that_requires('File[/etc/haproxy/haproxy.cfg]')
    end

    it('has no server') { is_expected.not_to contain_class('ejabberd') }
  end

  context 'with a machine that it does not name' do
    let(:facts) { machine('chat9') }

    it { is_expected.to compile.and_raise_error(%r{cluster\.yaml: it does not name this machine, chat9}) }
  end

  context 'with a balancer on Ubuntu 14.04' do
    let(:facts) { machine('balancer', SYSTEMS['Ubuntu 14.04']) }

    it { is_expected.to compile.and_raise_error(%r{HAProxy of Ubuntu 14\.04 is too old}) }
  end
end
