# @summary A private chat server, made of parts
#
# @param domain
#   The domain of the addresses, as in alice@DOMAIN.
# @param parts
#   What this machine is made of, in the order in which it is set up: one machine with everything, or some of it.
# @param state_dir
#   Where the files of this installation are on the machine: pki/, packages/ and cache/.
# @param offline
#   Whether packages are taken from cache/ only, and no mirror is asked.
# @param space
#   How much has to be free on the disk, in MB, before anything is installed or changed.
class chat (
  Ejabberd::Domain $domain,
  Array[Enum[
      'firewall', 'database', 'certificates', 'server', 'accounts', 'package', 'health', 'updates',
      'cluster', 'tables', 'away', 'balancer'
  ], 1] $parts,
  Ejabberd::Path $state_dir,
  Boolean $offline = false,
  Integer[0] $space = 300,
) {
  # A full disk shows half-way, and as something else.
  $free = "$(df -Pm /var | awk 'NR == 2 { print \$4 }')"
  exec { 'room on the disk':
    command  => "echo \"only ${free} MB are free on the disk of /var, and ${space} are needed: make room\"; exit 1",
    unless   => "test \"${free}\" -ge ${space}",
    path     => '/usr/bin:/bin',
    provider => shell,
    before   => Class['chat::repository'],
  }

  contain chat::repository

  # A fresh machine has old package lists, or none.
  unless $offline {
    exec { 'update the package lists':
      command  => 'apt-get -q -o APT::Update::Error-Mode=any update && touch /var/lib/chat/updated',
      creates  => '/var/lib/chat/updated',
      path     => '/usr/sbin:/usr/bin:/sbin:/bin',
      provider => shell,
      require  => Class['chat::repository'],
      before   => Class["chat::${parts[0]}"],
    }
  }

  $parts.each |$part| {
    contain "chat::${part}"
  }

  $parts.reduce('repository') |$earlier, $part| {
    Class["chat::${earlier}"] -> Class["chat::${part}"]
    $part
  }
}
