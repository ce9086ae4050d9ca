# frozen_string_literal: true

require 'open3'
require 'spec_helper'
require 'tmpdir'

# The real Vagrantfile under the real Vagrant; the machine is none, and files from elsewhere lie beside it.
describe 'vagrant up' do
  # Loaded before the Vagrantfile: a provider whose machine is always up and does nothing.
  stand_in = <<~RUBY
    class NoProvider < Vagrant.plugin('2', :provider)
      def self.usable?(_raise_error = false) = true
      def action(_name) = Vagrant::Action::Builder.new
      def state = Vagrant::MachineState.new(:running, 'running', 'running')
    end
    class NoPlugin < Vagrant.plugin('2')
      name 'none'
      provider(:none, box_optional: true) { NoProvider }
    end
    load File.join(__dir__, 'Vagrantfile')
  RUBY

  around do |example|
    Dir.mktmpdir do |directory|
      @root = directory
      FileUtils.mkdir_p(%w[data manifests modules].map { |part| "#{@root}/puppet/#{part}" })
      FileUtils.cp("#{PUPPET}/../Vagrantfile", @root)
      FileUtils.cp_r(%w[bin lib environment.conf hiera.yaml].map { |part| "#{PUPPET}/#{part}" }, "#{@root}/puppet")
      FileUtils.cp(%w[common roles].map { |name| "#{PUPPET}/data/#{name}.yaml" }, "#{@root}/puppet/data")
      File.write("#{@root}/upstream", 'a file from elsewhere')
      pins = File.read("#{PUPPET}/data/pins.yaml").gsub(%r{^(    url:) .*$}, "\\1 file://#{@root}/upstream").gsub(%r{^(    sha256:) \h+$}, '\1')
      File.write("#{@root}/puppet/data/pins.yaml", pins)
      File.write("#{@root}/stand-in", stand_in)
      example.run
    end
  end

  def vagrant_up(system = 'trusty')
    environment = { 'VAGRANT_VAGRANTFILE' => 'stand-in', 'VAGRANT_HOME' => "#{@root}/home", 'CHAT_OS' => system }
    Open3.capture2e(environment, 'vagrant', 'up', '--provider=none', chdir: @root)
  end

  it 'stops when a file has no checksum yet' do
    output, status = vagrant_up
    expect(output.lines.last).to eq("ejabberd_26.07-1_amd64.deb has no checksum in puppet/data/pins.yaml yet: run make pin\n")
    expect(status.exitstatus).to eq(1)
  end

  it 'downloads what Ubuntu 14.04 needs, and ends with how to log in' do
    Open3.capture2e("#{@root}/puppet/bin/pin")
    FileUtils.rm_r("#{@root}/cache")
    output, status = vagrant_up
    expect(status).to be_success
    expect(output).to include('Log in:')
    expect(Dir.children("#{@root}/cache")).to contain_exactly('ejabberd_26.07-1_amd64.deb', 'puppet-agent_6.28.0-1trusty_amd64.deb')
  end

  it 'gives one machine all passwords, and the certificates, but not the key of the authority' do
    FileUtils.cp("#{PUPPET}/spec/fixtures/secrets.yaml", "#{@root}/puppet/data")
    vagrant_up('bookworm')
    handed = "#{@root}/.vagrant/hand-over/chat"
    expect(secrets_in(handed)).to eq(ALL_SECRETS)
    expect(Dir.children("#{handed}/pki")).to contain_exactly('ca.pem', 'server.pem', 'server.key')
  end

  it 'stops when a download has another checksum, and keeps nothing of it' do
    Open3.capture2e("#{@root}/puppet/bin/pin")
    FileUtils.rm_r("#{@root}/cache")
    File.write("#{@root}/upstream", 'something else')
    output, status = vagrant_up
    expect(status).not_to be_success
    expect(output).to match(%r{checksum of the requested file does not match})
    expect(Dir.children("#{@root}/cache")).to eq([])
  end

  context 'with a cluster' do
    before { FileUtils.cp("#{PUPPET}/data/cluster.yaml.example", "#{@root}/puppet/data/cluster.yaml") }

    def vagrant(*arguments)
      environment = { 'VAGRANT_VAGRANTFILE' => 'stand-in', 'VAGRANT_HOME' => "#{@root}/home", 'CHAT_OS' => nil }
      Open3.capture2e(environment, 'vagrant', *arguments, chdir: @root)
    end

    it 'makes its machines, the database first and the balancer last, and tells once how to log in' do
      output, status = vagrant('up', '--provider=none')
      expect(status).to be_success, output
      expect(output.scan(%r{^Bringing machine '(\w+)' up}).flatten).to eq(%w[db chat1 chat2 chat3 balancer])
      expect(output.scan('Log in:').size).to eq(1)
      expect(output).to include('is up on 192.168.56.10')
    end

    # What each machine is told to copy from the host, and the name and the address that it gets.
    def told
      File.write("#{@root}/stand-in", <<~RUBY, mode: 'a')
        Vagrant.configure('2') do |config|
          config.trigger.after(:up) do |trigger|
            trigger.ruby do |_, machine|
              vm = machine.config.vm
              puppet = vm.provisioners.find { |one| one.type == :puppet }.config
              folders = vm.synced_folders.values.reject { |one| one[:disabled] }.map { |one| File.expand_path(one[:hostpath], __dir__) }
              puts "TOLD " + [vm.hostname, vm.networks.find { |kind, _| kind == :private_network }.last[:ip],
                    vm.synced_folders.key?('/srv/chat/pki'), puppet.environment_path.last, *folders].join(' ')
            end
          end
        end
      RUBY
      output, status = vagrant('up', '--provider=none')
      expect(status).to be_success, output
      output.scan(%r{TOLD (.*)$}).flatten.map(&:split)
    end

    it 'gives each its name and its address, and certificates to the nodes' do
      expect(told.map { |words| words.first(3) }).to eq(
        [%w[db 192.168.56.20 false], *(1..3).map { |number| ["chat#{number}", "192.168.56.1#{number}", 'true'] }, %w[balancer 192.168.56.10 false]]
      )
    end

    it 'gives each the secrets that it needs, and no other' do
      FileUtils.cp("#{PUPPET}/spec/fixtures/secrets.yaml", "#{@root}/puppet/data")
      given = told.to_h { |name, _, _, *folders| [name, folders.flat_map { |folder| secrets_in(folder) }.uniq] }
      expect(given.transform_values(&:sort)).to eq(NEEDED_SECRETS.transform_values(&:sort))
    end

    it 'is valid' do
      output, status = vagrant('validate', '--ignore-provider')
      expect(status).to be_success, output
    end
  end

  it 'knows the systems that there are' do
    output, status = vagrant_up('xenial')
    expect(output).to include('CHAT_OS=xenial is not known; trusty, jammy, noble, bookworm, trixie are')
    expect(status).not_to be_success
  end
end
