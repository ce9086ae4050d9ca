# Changes the settings of a provisioned ejabberd for a variant of the tests, and restarts it. Runs in the machine.
# usage: ruby variant.rb VARIANT
require 'fileutils'
require 'yaml'

FILE = '/etc/ejabberd/ejabberd.yml'
KEPT = "#{FILE}.provisioned"
FileUtils.cp(FILE, KEPT, preserve: true) unless File.exist?(KEPT)
config = YAML.load_file(KEPT)
modules = config.fetch('modules')

case ARGV.fetch(0)
when 'ejabberd', 'ejabberd-24.12', 'ejabberd-26.07' then nil
when 'ejabberd-no-archive' then modules.delete('mod_mam')
when 'ejabberd-archive-never' then modules['mod_mam']['default'] = 'never'
when 'ejabberd-archive-roster' then modules['mod_mam']['default'] = 'roster'
when 'ejabberd-queue-in-archive'
  modules['mod_offline']['use_mam_for_storage'] = true
  config['shaper_rules']['max_user_offline_messages'] = 100
when 'ejabberd-limit-100' then config['shaper_rules']['max_user_offline_messages'] = 100
when 'ejabberd-unforced' then modules['mod_pubsub'].delete('force_node_config')
when 'ejabberd-no-pep' then %w[mod_pubsub mod_avatar].each { |name| modules.delete(name) }
when 'ejabberd-no-positions' then %w[mod_pubsub mod_avatar mod_private].each { |name| modules.delete(name) }
else abort "variant.rb: unknown variant #{ARGV[0]}"
end

# The accounts of a run log in too often for a server that watches.
modules.delete('mod_fail2ban')
File.write(FILE, config.to_yaml)
system('systemctl', 'restart', 'ejabberd', exception: true)
system('ejabberdctl', 'started', exception: true)
