# @summary An apt repository made of the packages in a directory
#
# @api private
class chat::repository {
  assert_private()

  $root = $chat::package::repository
  $list = '/etc/apt/sources.list.d/chat.list'

  package { 'apt-utils':
    ensure => installed,
  }

  file {
    default:
      owner => 'root',
      group => 'root',
      ;
    [dirname($root), $root]:
      ensure => directory,
      mode   => '0755',
      ;
    "${root}/pool":
      ensure       => directory,
      mode         => '0644',
      source       => $chat::package::source,
      recurse      => true,
      recurselimit => 1,
      purge        => true,
      force        => true,
      backup       => false,
      ;
    $list:
      ensure  => file,
      mode    => '0644',
      content => "# Written by Puppet: the packages in ${chat::package::source}\ndeb [trusted=yes] file:${root} ./\n",
  }

  # The Release file is made elsewhere first, or it would list itself.
  exec { 'index the chat repository':
    command     => 'apt-ftparchive packages pool > Packages && apt-ftparchive release . > ../Release && mv ../Release Release',
    cwd         => $root,
    path        => '/usr/bin:/bin',
    provider    => shell,
    refreshonly => true,
    require     => Package['apt-utils'],
    subscribe   => File["${root}/pool"],
  }

  exec { 'read the chat repository':
    command     => "apt-get update -o Dir::Etc::SourceList=${list} -o Dir::Etc::SourceParts=- -o APT::Get::List-Cleanup=0",
    path        => '/usr/sbin:/usr/bin:/sbin:/bin',
    refreshonly => true,
    subscribe   => [Exec['index the chat repository'], File[$list]],
  }

  # A package that was built again may have the same version: apt would not see that it is new.
  exec { 'install a rebuilt chat package':
    command     => 'apt-get install --reinstall --yes chat',
    onlyif      => 'dpkg-query --show chat',
    environment => 'DEBIAN_FRONTEND=noninteractive',
    path        => '/usr/sbin:/usr/bin:/sbin:/bin',
    refreshonly => true,
    subscribe   => Exec['read the chat repository'],
  }
}
