# @summary Loads ejabberd's tables into an empty database, all or none
#
# @api private
#
# @param database
#   The name of the database.
# @param file
#   The tables, as they came with ejabberd; may be a shell pattern.
class ejabberd::schema (
  String[1] $database,
  Ejabberd::Path $file,
) {
  $loader = '/usr/local/sbin/ejabberd-load-schema'

  file { $loader:
    ensure => file,
    owner  => 'root',
    group  => 'root',
    mode   => '0755',
    source => 'puppet:///modules/ejabberd/load-schema',
  }

  exec { 'load the tables of ejabberd':
    command     => "${loader} ${database} ${file}",
    unless      => "mysql -NBe 'SHOW TABLES LIKE \"users\"' ${database} | grep -qx users",
    environment => 'HOME=/root',
    path        => '/usr/sbin:/usr/bin:/sbin:/bin',
    provider    => shell,
    require     => File[$loader],
  }
}
