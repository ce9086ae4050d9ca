# frozen_string_literal: true

# Every catalogue is compiled here as the machine would compile it, with this environment's own data and made-up secrets.
require 'rspec-puppet'
require 'yaml'

PUPPET = File.expand_path('..', __dir__)
Dir["#{PUPPET}/modules/*/lib"].each { |lib| $LOAD_PATH.unshift(lib) }
SECRETS = YAML.load_file("#{PUPPET}/spec/fixtures/secrets.yaml")
ALL_SECRETS = [SECRETS['chat::database_password'], SECRETS['ejabberd::cookie'], *SECRETS['chat::accounts::passwords'].values].freeze

# What Facter says on a system, as far as anything here asks.
def facts_of(name, release, codename, init_system: 'systemd')
  {
    os: { 'family' => 'Debian', 'name' => name, 'release' => { 'major' => release, 'full' => release }, 'distro' => { 'codename' => codename } },
    osfamily: 'Debian', operatingsystem: name, operatingsystemrelease: release, operatingsystemmajrelease: release,
    init_system: init_system, networking: { 'hostname' => 'chat', 'ip' => '192.0.2.1' }, fqdn: 'chat.example', hostname: 'chat',
    chat_packages: ['chat_0.1.0_amd64.deb'], chat_ssh_ports: [22],
    memory: { 'system' => { 'total_bytes' => 1_038_090_240 } }
  }
end

# By machine of fixtures/cluster: the secrets that it needs.
NODE_SECRETS = %w[the-secret-of-the-database the-secret-of-the-nodes the-secret-of-the-sender the-secret-of-the-reader].freeze
NEEDED_SECRETS = {
  'db' => ['the-secret-of-the-database'], 'chat1' => ALL_SECRETS, 'chat2' => NODE_SECRETS, 'chat3' => NODE_SECRETS, 'balancer' => []
}.freeze

# The secrets that are in any file of a folder.
def secrets_in(folder)
  text = Dir.glob("#{folder}/**/*", File::FNM_DOTMATCH).select { |path| File.file?(path) }.map { |path| File.binread(path) }.join
  ALL_SECRETS.select { |secret| text.include?(secret) }
end

DEBIAN_12 = facts_of('Debian', '12', 'bookworm').freeze
SYSTEMS = {
  'Ubuntu 14.04' => facts_of('Ubuntu', '14.04', 'trusty', init_system: 'sysvinit'),
  'Ubuntu 22.04' => facts_of('Ubuntu', '22.04', 'jammy'),
  'Ubuntu 24.04' => facts_of('Ubuntu', '24.04', 'noble'),
  'Debian 12' => DEBIAN_12,
  'Debian 13' => facts_of('Debian', '13', 'trixie'),
  'Debian sid' => facts_of('Debian', 'forky/sid', 'forky')
}.freeze

RSpec.configure do |config|
  config.module_path = "#{PUPPET}/modules"
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

# The secrets that the machine would be told: a class may be given more than its resources use.
def secrets_of_catalogue
  resources = catalogue.resources.reject { |resource| resource.type == 'Class' }
  told = resources.flat_map { |resource| resource.to_hash.values }.map { |value| sensitive?(value) ? value.unwrap.inspect : value.inspect }.join
  ALL_SECRETS.select { |secret| told.include?(secret) }
end
