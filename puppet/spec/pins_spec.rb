# frozen_string_literal: true

require 'digest'
require 'spec_helper'
require 'tmpdir'
require_relative '../lib/pins'

describe Pins do
  around do |example|
    Dir.mktmpdir do |directory|
      @root = directory
      FileUtils.mkdir_p(["#{@root}/puppet/data", "#{@root}/cache"])
      FileUtils.cp("#{PUPPET}/data/pins.yaml", "#{@root}/puppet/data")
      example.run
    end
  end

  let(:pins) { described_class.new(@root) }
  let(:downloads) { [] }
  let(:upstream) { ->(url, path, *) { downloads << url and File.write(path, "the file of #{url}") } }

  it 'fetches nothing for a system that needs nothing' do
    pins.fetch('bookworm', &upstream)
    expect(downloads).to eq([])
  end

  it 'fetches nothing that has no checksum yet' do
    expect { pins.fetch('trusty', &upstream) }.to raise_error(Pins::Problem, %r{has no checksum in puppet/data/pins\.yaml yet: run make pin})
    expect(downloads).to eq([])
  end

  it 'writes the checksums of a first download, and nothing else, into the file' do
    written = pins.pin(&upstream)
    expect(written.keys).to include('ejabberd_26.07-1_amd64.deb', 'puppet-agent_6.28.0-1trusty_amd64.deb')
    expect(pins.needed('trusty').values.map { |pin| pin['sha256'] }).to all(match(%r{\A\h{64}\z}))
    before = File.readlines("#{PUPPET}/data/pins.yaml")
    after = File.readlines("#{@root}/puppet/data/pins.yaml")
    expect(after.zip(before).reject { |one, other| one == other }.map(&:first)).to all(match(%r{\A    sha256: \h{64}\n\z}))
    expect(pins.pin(&upstream)).to eq({})
  end

  it 'takes what is in the cache already, without a network' do
    pins.pin(&upstream)
    downloads.clear
    pins.fetch('trusty', &upstream)
    expect(downloads).to eq([])
  end

  it 'downloads what is missing there' do
    pins.pin(&upstream)
    FileUtils.rm_r("#{@root}/cache")
    pins.fetch('trusty', &upstream)
    expect(Dir.children("#{@root}/cache")).to contain_exactly('ejabberd_26.07-1_amd64.deb', 'puppet-agent_6.28.0-1trusty_amd64.deb')
  end

  it 'refuses a file that was changed' do
    pins.pin(&upstream)
    File.write("#{@root}/cache/ejabberd_26.07-1_amd64.deb", 'something else')
    expect { pins.fetch('trusty', &upstream) }.to raise_error(Pins::Problem, %r{cache/ejabberd_26\.07-1_amd64\.deb has another checksum})
  end

  it 'keeps nothing of a download that broke off' do
    pins.pin(&upstream)
    FileUtils.rm_r("#{@root}/cache")
    broken = ->(_, path, _) { File.write(path, 'half') and raise Pins::Problem, 'cut off' }
    expect { pins.fetch('trusty', &broken) }.to raise_error(Pins::Problem, 'cut off')
    expect(Dir.children("#{@root}/cache")).to eq([])
  end

  it 'names a box with a checksum for the default' do
    expect(pins.boxes['trusty']).to include('url' => %r{\Ahttps://}, 'sha256' => %r{\A\h{64}\z})
  end
end
