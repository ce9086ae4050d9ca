# frozen_string_literal: true

require 'fileutils'
require 'open3'
require 'openssl'
require 'spec_helper'
require 'tmpdir'

describe 'puppet/bin/prepare' do
  around do |example|
    Dir.mktmpdir do |directory|
      @root = directory
      %w[bin data].each { |part| FileUtils.mkdir_p("#{@root}/puppet/#{part}") }
      FileUtils.cp(%w[prepare welcome].map { |program| "#{PUPPET}/bin/#{program}" }, "#{@root}/puppet/bin")
      FileUtils.cp("#{PUPPET}/data/common.yaml", "#{@root}/puppet/data")
      example.run
    end
  end

  def prepare
    output, status = Open3.capture2e("#{@root}/puppet/bin/prepare")
    raise output unless status.success?

    output
  end

  def files
    Dir.glob("#{@root}/{pki/**/*,puppet/data/secrets.yaml}").select { |path| File.file?(path) }
  end

  def mode(path)
    format('%04o', File.stat("#{@root}/#{path}").mode & 0o7777)
  end

  def certificate(path)
    OpenSSL::X509::Certificate.new(File.read("#{@root}/pki/#{path}"))
  end

  it 'makes passwords for every account, and says none of them' do
    output = prepare
    secrets = YAML.load_file("#{@root}/puppet/data/secrets.yaml")
    expect(secrets['chat::accounts::passwords'].keys).to eq(%w[admin alice bob health-sender health-reader])
    expect(secrets['chat::accounts::passwords'].values).to all(match(%r{\A\w{32}\z}))
    expect(output).not_to match(%r{\w{32}})
  end

  it 'lets nobody else read a secret' do
    prepare
    expect(%w[pki pki/server].map { |path| mode(path) }).to all(eq('0700'))
    expect(%w[puppet/data/secrets.yaml pki/ca.key pki/server/server.key].map { |path| mode(path) }).to all(eq('0600'))
  end

  it 'changes nothing the second time' do
    prepare
    before = files.to_h { |path| [path, File.read(path)] }
    expect(prepare).to eq('')
    expect(files.to_h { |path| [path, File.read(path)] }).to eq(before)
  end

  it 'keeps a password that somebody chose, and adds one for a new account' do
    prepare
    secrets = "#{@root}/puppet/data/secrets.yaml"
    File.write(secrets, YAML.load_file(secrets).tap { |all| all['chat::accounts::passwords'] = { 'bob' => 'chosen' } }.to_yaml)
    prepare
    expect(YAML.load_file(secrets)['chat::accounts::passwords']).to include('bob' => 'chosen', 'alice' => be_a(String))
  end

  it 'makes an authority for this domain only, and keeps its key from the machine' do
    prepare
    constraints = certificate('ca.pem').extensions.find { |extension| extension.oid == 'nameConstraints' }
    expect(constraints).to be_critical
    expect(constraints.value).to include('DNS:chat.example')
    expect(Dir.children("#{@root}/pki/server")).to contain_exactly('ca.pem', 'server.pem', 'server.key')
  end

  it 'makes a server certificate that a client accepts' do
    prepare
    %w[chat.example conference.chat.example upload.chat.example].each do |name|
      command = ['openssl', 'verify', '-CAfile', "#{@root}/pki/ca.pem", '-verify_hostname', name, '-purpose', 'sslserver', "#{@root}/pki/server/server.pem"]
      expect(Open3.capture2e(*command).last).to be_success
    end
  end

  it 'renews a certificate that ends in less than 30 days, with the same authority' do
    prepare
    authority = File.read("#{@root}/pki/ca.pem")
    old = certificate('server/server.pem')
    old.not_after = Time.now + (29 * 24 * 60 * 60)
    old.sign(OpenSSL::PKey.read(File.read("#{@root}/pki/ca.key")), 'SHA256')
    File.write("#{@root}/pki/server/server.pem", old.to_pem)
    prepare
    expect(certificate('server/server.pem').not_after).to be > Time.now + (800 * 24 * 60 * 60)
    expect(File.read("#{@root}/pki/ca.pem")).to eq(authority)
  end

  it 'is followed by a welcome with the fingerprint and the first line to type' do
    prepare
    welcome, = Open3.capture2("#{@root}/puppet/bin/welcome", '192.0.2.1')
    fingerprint, = Open3.capture2('openssl', 'x509', '-in', "#{@root}/pki/ca.pem", '-noout', '-fingerprint', '-sha256')
    expect(welcome).to include(fingerprint.chomp.split('=').last)
    expect(welcome).to include('chat login -i pki/login.toml alice@chat.example')
    file = "#{@root}/pki/login.toml"
    expect(File.stat(file).mode & 0o777).to eq(0o600)
    expect(File.read(file)).to include(%([account."bob@chat.example"]\nhost = "192.0.2.1"\nca_file = "#{@root}/pki/ca.pem"\n))
    expect(welcome).not_to include(YAML.load_file("#{@root}/puppet/data/secrets.yaml")['chat::accounts::passwords']['alice'])
  end

  it 'makes one certificate for all domains, and an authority that may' do
    File.write("#{@root}/puppet/data/common.yaml", "ejabberd::vhosts: {talk.example: {}}\n", mode: 'a')
    prepare
    command = ['openssl', 'verify', '-CAfile', "#{@root}/pki/ca.pem", '-purpose', 'sslserver']
    %w[chat.example talk.example upload.talk.example].each do |name|
      expect(Open3.capture2e(*command, '-verify_hostname', name, "#{@root}/pki/server/server.pem").last).to be_success
    end
    authority = File.read("#{@root}/pki/ca.pem")
    prepare
    expect(File.read("#{@root}/pki/ca.pem")).to eq(authority)
  end

  it 'makes new certificates for a new domain, and keeps the old authority' do
    prepare
    old = %w[pem key].to_h { |ending| [ending, File.binread("#{@root}/pki/ca.#{ending}")] }
    settings = "#{@root}/puppet/data/common.yaml"
    File.write(settings, File.read(settings).sub('chat::domain: chat.example', 'chat::domain: talk.example'))
    prepare
    expect(certificate('server/server.pem').subject.to_s).to eq('/CN=talk.example')
    expect(certificate('server/server.pem').verify(certificate('ca.pem').public_key)).to be(true)
    old.each { |ending, content| expect(File.binread(Dir["#{@root}/pki/ca.*Z.#{ending}"].fetch(0))).to eq(content) }
  end
end
