# @summary An apt repository made of the packages in packages/ and cache/
#
# apt 1.0.1 of Ubuntu 14.04 reads it, too. What is installed by its file and checksum, not by its name, is left out.
#
# @param root
#   Where the repository is made.
# @param pins
#   Files from elsewhere in cache/ that are installed by their checksum.
class chat::repository (
  Ejabberd::Path $root,
  Hash[String[1], Hash] $pins = lookup('chat::pins'),
) {
  $list = '/etc/apt/sources.list.d/chat.list'
  $script = '/usr/local/sbin/chat-index'

  file {
    default:
      owner => 'root',
      group => 'root',
      ;
    [$root.regsubst('/[^/]*\z', ''), $root]:
      ensure => directory,
      mode   => '0755',
      ;
    "${root}/pool":
      ensure       => directory,
      mode         => '0644',
      source       => ["${chat::state_dir}/packages", "${chat::state_dir}/cache"],
      sourceselect => all,
      recurse      => true,
      recurselimit => 1,
      ignore       => $pins.map |$_name, $pin| { $pin['file'] } + ['.*'],
      purge        => true,
      force        => true,
      backup       => false,
      ;
    $script:
      ensure => file,
      mode   => '0755',
      source => 'puppet:///modules/chat/chat-index',
      ;
    $list:
      ensure  => file,
      mode    => '0644',
      content => "# Written by Puppet: the packages in ${chat::state_dir}\ndeb [trusted=yes] file:${root} ./\n",
  }

  exec { 'index the chat repository':
    command     => "${script} ${root}",
    path        => '/usr/bin:/bin',
    refreshonly => true,
    subscribe   => File["${root}/pool", $script],
  }

  exec { 'read the chat repository':
    command     => "apt-get -q update -o Dir::Etc::SourceList=${list} -o Dir::Etc::SourceParts=- -o APT::Get::List-Cleanup=0",
    path        => '/usr/sbin:/usr/bin:/sbin:/bin',
    refreshonly => true,
    subscribe   => [Exec['index the chat repository'], File[$list]],
  }
}
