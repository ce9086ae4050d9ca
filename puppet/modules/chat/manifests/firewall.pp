# @summary Closes every port of this machine but those that are meant to be open
#
# The rules are a table (nftables) or a chain (iptables) of their own: what others have set up stays, and is asked, too. What this
# machine itself begins, ICMP and loopback are always allowed, and so is ssh, wherever sshd listens.
#
# @param enabled
#   Whether there is a firewall. `false` takes away what was set up here before.
# @param backend
#   What the system has: nftables, or iptables where its kernel is older.
# @param tcp
#   The TCP ports that everybody may reach; those that other parameters of this module need are added (ACME, federation).
# @param udp
#   The UDP ports that everybody may reach; those of calls are added.
# @param from
#   By address or network: TCP ports that only these may reach, for example those between the nodes of a cluster.
# @param connections_each
#   How many connections one address may have at once to the open TCP ports, but for those of sshd. Of IPv6, one network of 64 bits.
# @param connections_all
#   How many all addresses together may have. Not given: 250 for each 500 MB of memory, from 500 to 10 000. A stranger can fill 1.1 MB with one.
# @param ssh
#   The ports of sshd. Without sshd it is 22, so that one that is installed later can be reached.
class chat::firewall (
  Boolean $enabled,
  Enum['nftables', 'iptables'] $backend,
  Array[Chat::Port] $tcp,
  Array[Chat::Port] $udp,
  Hash[Chat::Network, Array[Chat::Port, 1]] $from,
  Integer[1] $connections_each,
  Integer[1] $connections_all = max(500, min(10000, $facts['memory']['system']['total_bytes'] / 524288000 * 250)),
  Array[Chat::Port, 1] $ssh = $facts['chat_ssh_ports'] ? { Array[Integer, 1] => $facts['chat_ssh_ports'], default => [22] },
) {
  $script = '/usr/local/sbin/chat-firewall'
  [$unit, $mode, $template] = $facts['init_system'] ? {
    'systemd' => ['/etc/systemd/system/chat-firewall.service', '0644', 'chat/firewall.service.epp'],
    default   => ['/etc/init.d/chat-firewall', '0755', 'chat/firewall.init.epp'],
  }

  if $enabled {
    $acme = lookup('chat::server::tls_mode') ? { 'acme' => [80], default => [] }
    $federation = lookup('chat::server::federation') ? { true => [5269], default => [] }
    $calls = lookup('chat::server::calls') ? { true => [3478, lookup('chat::server::relay_ports').join('-')], default => [] }
    $limited = ($tcp + $acme + $federation).unique - $ssh
    $ports = {
      'tcp'     => ($ssh + $limited).unique,
      'limited' => $limited,
      'each'    => $connections_each,
      'all'     => $connections_all,
      'udp'     => ($udp + $calls).unique,
      'from'    => $from,
    }
    $rules = $backend ? {
      'nftables' => { 'rules.nft' => epp('chat/firewall.nft.epp', $ports) },
      'iptables' => {
        'rules.v4' => epp('chat/firewall.iptables.epp', $ports + { 'six' => false }),
        'rules.v6' => epp('chat/firewall.iptables.epp', $ports + { 'six' => true }),
      },
    }

    package { $backend:
      ensure => installed,
    }

    file {
      default:
        ensure => file,
        owner  => 'root',
        group  => 'root',
        ;
      '/etc/chat-firewall':
        ensure  => directory,
        mode    => '0755',
        recurse => true,
        purge   => true,
        ;
      $script:
        mode   => '0755',
        source => 'puppet:///modules/chat/chat-firewall',
        ;
      $unit:
        mode    => $mode,
        content => epp($template),
    }
    $rules.each |$name, $content| {
      file { "/etc/chat-firewall/${name}":
        ensure  => file,
        owner   => 'root',
        group   => 'root',
        mode    => '0644',
        content => $content,
        before  => Exec['load the rules of the firewall'],
      }
    }

    # Also when somebody has flushed the rules.
    exec { 'load the rules of the firewall':
      command => "${script} start",
      unless  => "${script} status",
      path    => '/usr/sbin:/usr/bin:/sbin:/bin',
      require => [Package[$backend], File[$script]],
    }

    service { 'chat-firewall':
      enable  => true,
      require => [File[$unit], Exec['load the rules of the firewall']],
    }
  } else {
    service { 'chat-firewall':
      enable => false,
    }

    exec { 'take the rules of the firewall away':
      command => "${script} stop",
      onlyif  => "test -e ${script} && ${script} status",
      path    => '/usr/sbin:/usr/bin:/sbin:/bin',
    }

    file { ['/etc/chat-firewall', $script, $unit]:
      ensure  => absent,
      recurse => true,
      force   => true,
      backup  => false,
      require => [Service['chat-firewall'], Exec['take the rules of the firewall away']],
    }
  }
}
