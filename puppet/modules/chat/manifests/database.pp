# @summary The database server, with a database and a user for ejabberd
#
# @param password
#   The password of the database user.
# @param options
#   Settings of my.cnf, by section.
# @param database
#   The name of the database.
# @param user
#   The name of the database user.
# @param privileges
#   What that user may do in that database. From 23.10 on ejabberd changes its tables itself when it is upgraded.
# @param client
#   The address that ejabberd comes from.
class chat::database (
  Hash[String[1], Hash] $options,
  Sensitive[String[1]] $password = lookup('chat::database_password'),
  String[1] $database = 'ejabberd',
  String[1] $user = 'ejabberd',
  Array[String[1], 1] $privileges = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  Stdlib::IP::Address $client = '127.0.0.1',
) {
  class { 'mysql::server':
    override_options => $options,
    restart          => true,
  }
  contain mysql::server
  contain mysql::client

  mysql_database { $database:
    ensure  => present,
    charset => 'utf8mb4',
    collate => 'utf8mb4_unicode_ci',
    require => Class['mysql::server'],
  }

  mysql_user { "${user}@${client}":
    ensure        => present,
    password_hash => Sensitive(mysql::password($password.unwrap)),
    require       => Class['mysql::server'],
  }

  mysql_grant { "${user}@${client}/${database}.*":
    ensure     => present,
    user       => "${user}@${client}",
    table      => "${database}.*",
    privileges => $privileges,
    require    => [Mysql_user["${user}@${client}"], Mysql_database[$database]],
  }
}
