# frozen_string_literal: true

require 'spec_helper'

describe 'ejabberd' do
  let(:params) do
    {
      hosts: ['one.example', 'two.example'],
      sql_password: sensitive('a password'),
      cookie: sensitive('a cookie'),
      certificate: '/srv/server.pem',
      private_key: '/srv/server.key',
    }
  end
  let(:configuration) { YAML.safe_load(content_of('/etc/ejabberd/ejabberd.yml')) }

  it { is_expected.to compile.with_all_deps }

  it 'serves all its domains' do
    expect(configuration['hosts']).to eq(['one.example', 'two.example'])
  end

  it 'does not run before it is configured' do
    is_expected.to contain_exec('mask ejabberd until it is configured').that_comes_before('Package[ejabberd]')
    is_expected.to contain_file('/etc/ejabberd/ejabberd.yml').that_requires('Package[ejabberd]').that_comes_before('Service[ejabberd]')
    is_expected.to contain_exec('load the tables of ejabberd').that_comes_before('Service[ejabberd]')
  end

  it 'can speak to the database when it starts' do
    is_expected.to contain_package('erlang-p1-mysql').that_comes_before('Service[ejabberd]')
  end

  it 'looks who else listens on its ports before it replaces a configuration' do
    check = '/usr/local/sbin/ejabberd-check-ports 5222 5223 5443 5280 7777'
    is_expected.to contain_exec('check the ports of ejabberd').with(command: check, unless: check).that_comes_before('File[/etc/ejabberd/ejabberd.yml]')
  end

  context 'with ports of UDP, of a proxy, and for other nodes' do
    let(:params) do
      super().merge(
        node: 'ejabberd@192.0.2.1', distribution: { 'address' => '192.0.2.1', 'port' => 5210 },
        config_override: { 'listen' => [{ 'port' => 3478, 'transport' => 'udp', 'module' => 'ejabberd_stun' }], 'modules' => { 'mod_proxy65' => { 'port' => 7778 } } }
      )
    end

    it 'looks at them, too' do
      is_expected.to contain_exec('check the ports of ejabberd').with_command('/usr/local/sbin/ejabberd-check-ports 3478/udp 7778 5210')
    end
  end

  it 'tries a configuration before it replaces another' do
    is_expected.to contain_file('/etc/ejabberd/ejabberd.yml').with_validate_cmd('/usr/local/sbin/ejabberd-check-config %')
  end

  it 'has the running server take a configuration, and does not restart it for each' do
    is_expected.not_to contain_file('/etc/ejabberd/ejabberd.yml').that_notifies('Service[ejabberd]')
    arguments = 'ejabberd ejabberd@localhost 0 ejabberd'
    is_expected.to contain_exec('ejabberd takes its configuration')
      .with(command: "/usr/local/sbin/ejabberd-apply apply #{arguments}", unless: "/usr/local/sbin/ejabberd-apply check #{arguments}")
      .that_requires('Service[ejabberd]')
  end

  it 'knows what a reload is enough for, and nothing of the database is' do
    environment = catalogue.resource('exec', 'ejabberd takes its configuration')[:environment]
    reloadable = environment.grep(/\ARELOADABLE=/).first.delete_prefix('RELOADABLE=').split
    expect(environment).to include('EJABBERD_CONFIG_PATH=/etc/ejabberd/ejabberd.yml', 'CONTRIB_MODULES_CONF_DIR=/etc/ejabberd/modules.d')
    expect(reloadable).to include('acl', 'shaper', 'mod_mam', 'ejabberd_c2s')
    expect(reloadable.grep(/\Asql_|\Amod_(muc|proxy65)\z|\A(hosts|listen|modules|s2s_access|ejabberd_stun)\z/)).to eq([])
  end

  it 'restarts it for what Erlang reads at its start' do
    is_expected.to contain_file('/etc/default/ejabberd').that_notifies('Service[ejabberd]')
    is_expected.to contain_file('/var/lib/ejabberd/.erlang.cookie').that_notifies('Service[ejabberd]')
  end

  # ejabberd refuses what it does not know.
  {
    '23.01' => { knows: %w[new_sql_schema auth_password_format], not: %w[update_sql_schema sql_schema_multihost auth_stored_password_types] },
    '24.12' => { knows: %w[new_sql_schema auth_password_format update_sql_schema], not: %w[sql_schema_multihost] },
    '25.04' => { knows: %w[new_sql_schema auth_stored_password_types], not: %w[auth_password_format auth_scram_hash] },
    '26.07' => { knows: %w[sql_schema_multihost auth_stored_password_types update_sql_schema], not: %w[new_sql_schema auth_password_format] }
  }.each do |version, options|
    context "with ejabberd #{version}" do
      let(:params) { super().merge(version: version) }

      it 'writes the options that it knows, and no others' do
        expect(configuration.keys).to include(*options[:knows])
        expect(configuration.keys & options[:not]).to eq([])
      end
    end
  end

  context 'with a setting of one\'s own' do
    let(:params) { super().merge(config_override: { 'loglevel' => 'debug', 'modules' => { 'mod_mam' => { 'default' => 'roster' } } }) }

    it 'changes that and nothing else' do
      expect(configuration['loglevel']).to eq('debug')
      expect(configuration['modules']['mod_mam']).to include('default' => 'roster', 'assume_mam_usage' => true)
      expect(configuration['modules']).to include('mod_offline')
    end
  end

  context 'with a database on this machine' do
    let(:params) { super().merge(start_after: ['mariadb']) }

    it 'waits for it when the machine starts' do
      is_expected.to contain_file('/etc/systemd/system/ejabberd.service.d/order.conf').with_content(%r{^After=mariadb\.service$})
    end
  end

  it 'leaves the rest of the machine some memory' do
    is_expected.to contain_file('/etc/systemd/system/ejabberd.service.d/memory.conf').with_content(%r{^MemoryMax=60%$}).with_content(%r{^Restart=on-failure$})
      .that_notifies('Exec[systemd knows how much memory ejabberd may have]').that_comes_before('Service[ejabberd]')
  end

  context 'with a limit of memory that is none' do
    let(:params) { super().merge(memory_max: "1G\nUser=root") }

    it { is_expected.to compile.and_raise_error(%r{memory_max}) }
  end

  context 'with a password that everybody could see' do
    let(:params) { super().merge(sql_password: 'a password') }

    it { is_expected.to compile.and_raise_error(%r{sql_password}) }
  end

  context 'with further domains' do
    let(:params) { super().merge(vhosts: { 'talk.example' => {}, 'guests.example' => { 'modules' => { 'mod_mam' => { 'default' => 'never' } } } }) }

    it 'serves them, and one of them otherwise' do
      expect(configuration['hosts']).to include('talk.example', 'guests.example')
      expect(configuration['host_config']).to eq('guests.example' => { 'modules' => { 'mod_mam' => { 'default' => 'never' } } })
    end
  end

  context 'without a domain' do
    let(:params) { super().merge(hosts: []) }

    it { is_expected.to compile.and_raise_error(%r{hosts}) }
  end

  context "with ProcessOne's package" do
    let(:params) { super().merge(package_source: 'processone', package_file: '/srv/ejabberd.deb', package_sha256: 'ab' * 32) }

    it { is_expected.to compile.with_all_deps }

    it 'takes it from the file, and nothing from the distribution' do
      is_expected.to contain_package('ejabberd').with(provider: 'dpkg', source: '/srv/ejabberd.deb')
      is_expected.not_to contain_package('erlang-p1-mysql')
    end

    it 'keeps everything where the package does' do
      is_expected.to contain_file('/opt/ejabberd/conf/ejabberd.yml')
      is_expected.to contain_file('/opt/ejabberd/.erlang.cookie')
      is_expected.to contain_exec('load the tables of ejabberd').with_command(%r{ /opt/ejabberd-26\.07/lib/ejabberd-\*/priv/sql/mysql\.new\.sql$})
      expect(YAML.safe_load(content_of('/opt/ejabberd/conf/ejabberd.yml'))['modules']['mod_http_upload']).to include('docroot' => '/opt/ejabberd/upload', 'max_size' => 104_857_600)
    end

    context 'that has no checksum' do
      let(:params) { super().merge(package_sha256: :undef) }

      it { is_expected.to compile.and_raise_error(%r{package_sha256.*missing}) }
    end

    context 'and without systemd' do
      let(:params) { super().merge(systemd: false) }

      it { is_expected.to compile.with_all_deps }
      it { is_expected.not_to contain_exec('mask ejabberd until it is configured') }
    end
  end

  context 'without systemd' do
    let(:params) { super().merge(systemd: false) }

    it { is_expected.to compile.and_raise_error(%r{package_source => processone}) }
  end

  context 'without a certificate' do
    let(:params) { super().merge(certificate: :undef, private_key: :undef) }

    it 'leaves certificates to ejabberd' do
      expect(configuration).not_to include('certfiles')
    end
  end
end
