# @summary A check for monitoring: chat-health logs in, sends a message, and reads it
#
# It ends with 0 or 2 and one line, as Nagios, Icinga and others want it, and is run by root. It needs the accounts health-sender
# and health-reader, and the chat command.
#
# @param passwords
#   The password of each account.
class chat::health (
  Sensitive[Hash[String[1], String[1]]] $passwords = lookup('chat::accounts::passwords'),
) {
  $home = '/var/lib/chat/health'

  file {
    default:
      owner => 'root',
      group => 'root',
      ;
    $home:
      ensure => directory,
      mode   => '0700',
      ;
    '/usr/local/sbin/chat-health':
      ensure => file,
      mode   => '0755',
      source => 'puppet:///modules/chat/chat-health',
      ;
    "${home}/domain":
      ensure  => file,
      mode    => '0644',
      content => "${chat::domain}\n",
  }

  ['health-sender', 'health-reader'].each |$name| {
    unless $name in $passwords.unwrap {
      fail("the account ${name} has no password yet: run puppet/bin/prepare")
    }
    file { "${home}/${name}":
      ensure    => file,
      owner     => 'root',
      group     => 'root',
      mode      => '0600',
      content   => Sensitive("${passwords.unwrap[$name]}\n"),
      show_diff => false,
      backup    => false,
    }
  }
}
