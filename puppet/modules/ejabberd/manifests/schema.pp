# @summary Loads ejabberd's tables into an empty database, all or none
#
# @api private
class ejabberd::schema {
  $loader = '/usr/local/sbin/ejabberd-load-schema'

  file { $loader:
    ensure => file,
    owner  => 'root',
    group  => 'root',
    mode   => '0755',
    source => 'puppet:///modules/ejabberd/load-schema',
  }

  exec { 'load the tables of ejabberd':
    command     => "${loader} ${ejabberd::sql_database} ${ejabberd::layout['schema_file']}",
    unless      => "mysql -NBe 'SHOW TABLES LIKE \"users\"' ${ejabberd::sql_database} | grep -qx users",
    environment => 'HOME=/root',
    path        => '/usr/sbin:/usr/bin:/sbin:/bin',
    provider    => shell,
    require     => File[$loader],
  }
}
