# frozen_string_literal: true

# Every catalogue is compiled here as the machine would compile it, with this environment's own data and made-up secrets.
require 'rspec-puppet'
require 'yaml'

PUPPET = File.expand_path('..', __dir__)
Dir["#{PUPPET}/modules/*/lib"].each { |lib| $LOAD_PATH.unshift(lib) }
SECRETS = YAML.load_file("#{PUPPET}/spec/fixtures/secrets.yaml")
ALL_SECRETS = [SECRETS['chat::database_password'], SECRETS['ejabberd::cookie'], *SECRETS['chat::accounts::passwords'].values].freeze

DEBIAN_12 = {
  os: { 'family' => 'Debian', 'name' => 'Debian', 'release' => { 'major' => '12', 'full' => '12.11' }, 'distro' => { 'codename' => 'bookworm' } },
  osfamily: 'Debian', operatingsystem: 'Debian', operatingsystemrelease: '12.11', operatingsystemmajrelease: '12',
  lsbdistcodename: 'bookworm', puppetversion: Puppet.version, root_home: '/root', service_provider: 'systemd',
  networking: { 'hostname' => 'chat' }, fqdn: 'chat.example', hostname: 'chat', chat_packages: ['chat_0.1.0_amd64.deb']
}.freeze

DEBIAN_13 = DEBIAN_12.merge(
  os: { 'family' => 'Debian', 'name' => 'Debian', 'release' => { 'major' => '13', 'full' => '13.8' }, 'distro' => { 'codename' => 'trixie' } },
  operatingsystemrelease: '13.8', operatingsystemmajrelease: '13', lsbdistcodename: 'trixie'
).freeze

DEBIAN_SID = DEBIAN_13.merge(
  os: { 'family' => 'Debian', 'name' => 'Debian', 'release' => { 'major' => 'forky/sid', 'full' => 'forky/sid' }, 'distro' => { 'codename' => 'forky' } },
  operatingsystemrelease: 'forky/sid', operatingsystemmajrelease: 'forky/sid', lsbdistcodename: 'forky'
).freeze

UBUNTU_14_04 = DEBIAN_12.merge(
  os: { 'family' => 'Debian', 'name' => 'Ubuntu', 'release' => { 'major' => '14.04', 'full' => '14.04' }, 'distro' => { 'codename' => 'trusty' } },
  operatingsystem: 'Ubuntu', operatingsystemrelease: '14.04', operatingsystemmajrelease: '14.04',
  lsbdistcodename: 'trusty', service_provider: 'upstart'
).freeze

RSpec.configure do |config|
  config.module_path = ["#{PUPPET}/modules", '/usr/share/puppet/modules'].join(':')
  config.hiera_config = "#{PUPPET}/spec/fixtures/hiera.yaml"
  config.environmentpath = File.dirname(PUPPET)
  config.strict_variables = true
  config.default_facts = DEBIAN_12
end

# What the resources of the catalogue say, without what is marked as Sensitive.
def open_parameters
  catalogue.resources.flat_map do |resource|
    resource.to_hash.reject { |name, value| resource.sensitive_parameters.include?(name) || sensitive?(value) }
            .map { |name, value| ["#{resource}[#{name}]", value.inspect] }
  end
end

def sensitive?(value)
  value.is_a?(Puppet::Pops::Types::PSensitiveType::Sensitive)
end

def content_of(file)
  content = catalogue.resource('file', file)[:content]
  sensitive?(content) ? content.unwrap : content
end
