# @summary What the machines of a cluster have in common: they know each other by name, without any DNS
#
# @param machines
#   The machines, by host name.
class chat::cluster (
  Hash[Pattern[/\A[a-z][a-z0-9-]{0,30}\z/], Chat::Machine, 1] $machines,
) {
  $script = '/usr/local/sbin/chat-hosts'
  $arguments = $machines.map |$name, $machine| { "${machine['address']}=${name}" }.join(' ')

  file { $script:
    ensure => file,
    owner  => 'root',
    group  => 'root',
    mode   => '0755',
    source => 'puppet:///modules/chat/chat-hosts',
  }

  exec { 'the names of the machines':
    command => "${script} ${arguments}",
    unless  => "${script} --check ${arguments}",
    path    => '/usr/bin:/bin',
    require => File[$script],
  }
}
