# @summary A private chat server, made of parts
#
# @param domain
#   The domain of the addresses, as in alice@DOMAIN.
# @param parts
#   What this machine is made of, in the order in which it is set up: one machine with everything, or some of it.
# @param state_dir
#   Where the files of this installation are on the machine: pki/ and packages/.
class chat (
  Stdlib::Fqdn $domain,
  Array[Enum['database', 'certificates', 'server', 'accounts', 'package', 'updates'], 1] $parts,
  Stdlib::Absolutepath $state_dir,
) {
  # A fresh machine has old package lists, or none.
  exec { 'update the package lists':
    command => 'apt-get update',
    creates => '/usr/sbin/ejabberdctl',
    path    => '/usr/bin:/bin',
  }

  $parts.each |$part| {
    contain "chat::${part}"
  }

  $parts.reduce('') |$earlier, $part| {
    $before = $earlier ? { '' => Exec['update the package lists'], default => Class["chat::${earlier}"] }
    $before -> Class["chat::${part}"]
    $part
  }
}
