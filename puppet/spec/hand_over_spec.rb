# frozen_string_literal: true

require 'fileutils'
require 'open3'
require 'spec_helper'
require 'tmpdir'

describe 'puppet/bin/hand-over' do
  around do |example|
    Dir.mktmpdir do |directory|
      @root = directory
      FileUtils.cp_r(PUPPET, @root)
      FileUtils.cp("#{PUPPET}/spec/fixtures/secrets.yaml", "#{@root}/puppet/data")
      FileUtils.rm_rf(["#{@root}/puppet/spec", "#{@root}/puppet/data/cluster.yaml"])
      FileUtils.mkdir_p(["#{@root}/pki/server", "#{@root}/puppet/data/nodes"])
      %w[ca.key server/server.key].each { |name| File.write("#{@root}/pki/#{name}", "the key in #{name}") }
      %w[chat1 chat2].each { |name| File.write("#{@root}/puppet/data/nodes/#{name}.yaml", "ejabberd::config_override: {loglevel: of-#{name}}") }
      example.run
    end
  end

  def hand_over(*arguments)
    Open3.capture2e("#{@root}/puppet/bin/hand-over", *arguments)
  end

  def folder(name)
    output, status = hand_over('--cluster', "#{PUPPET}/spec/fixtures/cluster/cluster.yaml", name, "#{@root}/for/#{name}")
    expect(status).to be_success, output
    "#{@root}/for/#{name}"
  end

  NEEDED_SECRETS.each do |name, needed|
    it "gives #{name} the secrets that it needs, and no other" do
      expect(secrets_in(folder(name))).to match_array(needed)
    end
  end

  it 'gives certificates to the nodes only, and the key of the authority to nobody' do
    with = NEEDED_SECRETS.keys.select { |name| File.exist?("#{folder(name)}/pki") }
    expect(with).to eq(%w[chat1 chat2 chat3])
    expect(Dir.glob("#{@root}/for/**/*").select { |path| File.file?(path) && File.read(path).include?('the key in ca.key') }).to eq([])
  end

  it 'gives each the settings of its own' do
    expect(Dir.children("#{folder('chat1')}/puppet/data/nodes")).to eq(['chat1.yaml'])
    expect(Dir.children("#{folder('db')}/puppet/data/nodes")).to eq([])
  end

  it 'gives nobody what was left beside the secrets' do
    %w[secrets.yaml.new secrets.yaml~].each { |name| FileUtils.cp("#{PUPPET}/spec/fixtures/secrets.yaml", "#{@root}/puppet/data/#{name}") }
    expect(secrets_in(folder('balancer'))).to eq([])
  end

  it 'lets nobody else read it' do
    expect(File.stat(folder('chat1')).mode & 0o777).to eq(0o700)
    expect(File.stat("#{folder('chat1')}/puppet/data/secrets.yaml").mode & 0o777).to eq(0o600)
  end

  it 'leaves nothing of an earlier role' do
    folder('chat1')
    described = File.read("#{PUPPET}/spec/fixtures/cluster/cluster.yaml").sub('chat1: {role: node', 'chat1: {role: balancer').sub('files: chat1', 'files: chat2')
    File.write("#{@root}/other.yaml", described)
    hand_over('--cluster', "#{@root}/other.yaml", 'chat1', "#{@root}/for/chat1")
    expect(secrets_in("#{@root}/for/chat1")).to eq([])
    expect(Dir.children("#{@root}/for/chat1")).to eq(['puppet'])
  end

  it 'gives a machine that is all of them all' do
    hand_over('chat', "#{@root}/for/chat")
    expect(secrets_in("#{@root}/for/chat")).to match_array(ALL_SECRETS)
    expect(Dir.children("#{@root}/for/chat/puppet/data")).not_to include('cluster.yaml')
  end

  it 'refuses a machine that has no role' do
    output, status = hand_over('--cluster', "#{PUPPET}/spec/fixtures/cluster/cluster.yaml", 'chat9', "#{@root}/for/chat9")
    expect(output).to eq("hand-over: cluster.yaml does not name the machine chat9, or not its role\n")
    expect(status.exitstatus).to eq(1)
    expect(Dir.exist?("#{@root}/for/chat9")).to be(false)
  end
end
