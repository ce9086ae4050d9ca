# @summary What puppet/bin/backup and puppet/bin/restore run on a machine that has something to keep
#
# @api private
class chat::keeping {
  ['chat-backup', 'chat-restore'].each |$script| {
    file { "/usr/local/sbin/${script}":
      ensure => file,
      owner  => 'root',
      group  => 'root',
      mode   => '0755',
      source => "puppet:///modules/chat/${script}",
    }
  }
}
