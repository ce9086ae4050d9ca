# frozen_string_literal: true

require 'open3'
require 'spec_helper'

# What Puppet 7 and 8 wrote when it failed, shortened.
describe 'puppet/bin/reason' do
  def reason(log)
    Open3.capture2("#{PUPPET}/bin/reason", stdin_data: log).first
  end

  it 'takes what a command said before it failed' do
    expect(reason(<<~LOG)).to eq("only 20 MB are free\n")
      Error: Facter: Permission denied @ rb_sysopen - /proc/1/environ
      Notice: Compiled catalog for chat in environment puppet in 5.89 seconds
      Notice: /Stage[main]/Chat/Exec[room on the disk]/returns: only 20 MB are free
      Error: 'echo "only 20 MB are free"; exit 1' returned 1 instead of one of [0]
      Error: /Stage[main]/Chat/Exec[room on the disk]/returns: change from 'notrun' to ['0'] failed: 'echo' returned 1 instead of one of [0]
      Notice: /Stage[main]/Chat/Notify[a]: Dependency Exec[room on the disk] has failures: true
      Warning: /Stage[main]/Chat/Notify[a]: Skipping because of failed dependencies
    LOG
  end

  it 'does not take what another command said' do
    expect(reason(<<~LOG)).to eq("unknown module: mod_nonsense\n")
      Notice: /Stage[main]/Chat/Exec[another]/returns: all is well
      Error: Execution of '/usr/local/sbin/ejabberd-check-config /etc/ejabberd/x' returned 1: unknown module: mod_nonsense
      at line 3
      Error: /Stage[main]/Ejabberd::Config/File[/etc/ejabberd/ejabberd.yml]/content: change from '{md5}1' to '{md5}2' failed: Execution of '/usr/local/sbin/ejabberd-check-config /etc/ejabberd/x' returned 1: unknown module: mod_nonsense
      at line 3
      Warning: /Stage[main]/Ejabberd::Service: Skipping because of failed dependencies
    LOG
  end

  it 'takes the first of apt\'s errors' do
    expect(reason(<<~LOG)).to eq("Failed to fetch http://127.0.0.1:9/debian  Could not connect\n")
      Notice: /Stage[main]/Chat/Exec[update the package lists]/returns: Ign:1 http://127.0.0.1:9/debian bookworm InRelease
      Notice: /Stage[main]/Chat/Exec[update the package lists]/returns: E: Failed to fetch http://127.0.0.1:9/debian  Could not connect
      Notice: /Stage[main]/Chat/Exec[update the package lists]/returns: E: Some index files failed to download.
      Error: 'apt-get -q' returned 100 instead of one of [0]
      Error: /Stage[main]/Chat/Exec[update the package lists]/returns: change from 'notrun' to ['0'] failed: 'apt-get' returned 100 instead of one of [0]
    LOG
  end

  it 'prefers a full disk, whoever says so' do
    expect(reason(<<~LOG)).to eq("dpkg: error: failed to write status: No space left on device\n")
      Error: /Stage[main]/Chat::Updates/Package[a]/ensure: change from 'purged' to 'present' failed: Execution of '/usr/bin/apt-get install a' returned 100: Reading package lists...
      dpkg: error: failed to write status: No space left on device
      E: Sub-process /usr/bin/dpkg returned an error code (2)
      Warning: /Stage[main]/Chat::B: Skipping because of failed dependencies
    LOG
  end

  it 'takes what stopped a catalogue' do
    line = "Error: Evaluation Error: Error while evaluating a Function Call, Debian 11 is not supported; 12 is (file: /srv/x.pp, line: 9, column: 3) on node x\n"
    expect(reason(line)).to eq("Debian 11 is not supported; 12 is\n")
  end

  it 'says so when there is none' do
    expect(reason('')).to eq("Puppet does not say why\n")
  end
end
