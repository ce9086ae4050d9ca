# @summary Loads ejabberd's tables into the database of this machine, where ejabberd itself is elsewhere
#
# They are taken out of the package, which is not installed.
#
# @param package_source
#   Whose package it is: that of the distribution, or ProcessOne's own.
# @param layouts
#   Where the packages keep things.
# @param pins
#   Files from elsewhere in cache/: `ejabberd` is ProcessOne's package.
class chat::tables (
  Enum['distribution', 'processone'] $package_source = lookup('ejabberd::package_source'),
  Hash $layouts = lookup('ejabberd::layouts'),
  Hash $pins = lookup('chat::pins'),
) {
  $folder = '/var/lib/chat/tables'
  $script = '/usr/local/sbin/chat-tables'
  $layout = ejabberd::layout($layouts, $package_source, undef)
  $package = $package_source ? {
    'processone' => "${chat::state_dir}/cache/${pins['ejabberd']['file']} ${pins['ejabberd']['sha256']}",
    default      => 'ejabberd',
  }

  file { $script:
    ensure => file,
    owner  => 'root',
    group  => 'root',
    mode   => '0755',
    source => 'puppet:///modules/chat/chat-tables',
  }

  exec { 'take the tables out of the package of ejabberd':
    command => "${script} ${folder} '${layout['schema_file']}' ${package}",
    creates => $folder,
    path    => '/usr/sbin:/usr/bin:/sbin:/bin',
    require => File[$script],
  }

  class { 'ejabberd::schema':
    database => 'ejabberd',
    file     => "${folder}/tables.sql",
    require  => Exec['take the tables out of the package of ejabberd'],
  }
  contain ejabberd::schema
}
