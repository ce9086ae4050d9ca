# @summary The chat command, from a repository on this machine
#
# @param available
#   The packages that are there (chat_*.deb). Without any the command is left out.
class chat::package (
  Array[String[1]] $available = $facts['chat_packages'] ? { undef => [], default => $facts['chat_packages'] },
) {
  if $available.empty {
    notice("no chat_*.deb in ${chat::state_dir}/packages: the chat command is not installed on this machine")
  } else {
    package { 'chat':
      ensure => latest,
    }

    # A package that was built again may have the same version: apt would not see that it is new.
    exec { 'install a rebuilt chat package':
      command     => 'apt-get install --reinstall --yes chat',
      onlyif      => 'dpkg-query --show chat',
      environment => 'DEBIAN_FRONTEND=noninteractive',
      path        => '/usr/sbin:/usr/bin:/sbin:/bin',
      refreshonly => true,
      subscribe   => Exec['read the chat repository'],
      before      => Package['chat'],
    }
  }
}
