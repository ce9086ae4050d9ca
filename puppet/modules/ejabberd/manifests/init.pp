# @summary ejabberd, its configuration and its tables in a MySQL or MariaDB database
#
# The database and its user have to be there already. Accounts are made with the type `ejabberd_account`.
#
# @example A server for one domain
#   class { 'ejabberd':
#     hosts        => ['chat.example'],
#     sql_password => Sensitive('…'),
#     cookie       => Sensitive('…'),
#     certificate  => '/srv/chat/pki/server.pem',
#     private_key  => '/srv/chat/pki/server.key',
#   }
#
# @param hosts
#   The domains that this server serves.
# @param sql_password
#   The password of the database user.
# @param cookie
#   What the Erlang nodes of a cluster, and the tools on this machine, have to know to talk to ejabberd.
# @param certificate
#   Where the server certificate with its chain (PEM) is copied from.
# @param private_key
#   Where the private key of the certificate (PEM) is copied from.
# @param version
#   The version of ejabberd that will be installed, as `23.01`. Options and modules depend on it.
# @param config
#   The whole ejabberd.yml but for hosts, certificates and database, as every version knows it.
# @param config_before
#   By version: what is added to `config` for older versions only.
# @param config_since
#   By version: what is added to `config` for it and newer versions.
# @param config_override
#   Is merged into all that, deeply. The place for your own settings.
# @param sql_server
#   Name or address of the database server.
# @param sql_database
#   Name of the database.
# @param sql_username
#   Name of the database user.
# @param sql_schema_file
#   The tables, as they came with ejabberd. Are loaded once, by root over the local socket.
# @param packages
#   The packages to install, in this order.
# @param package_ensure
#   The version of the packages, or `installed`, or `latest`.
# @param config_dir
#   Where ejabberd.yml is.
# @param spool_dir
#   The home directory of ejabberd.
# @param control_file
#   The settings of ejabberdctl.
# @param service_name
#   The name of the service.
# @param start_after
#   Units that have to be up before ejabberd starts at boot, for example `mariadb.service`.
# @param user
#   The user that ejabberd runs as.
# @param group
#   The group that may read the configuration.
# @param node
#   The Erlang name of this ejabberd.
class ejabberd (
  Array[Stdlib::Fqdn, 1]     $hosts,
  Sensitive[String[1]]       $sql_password,
  Sensitive[String[1]]       $cookie,
  Stdlib::Absolutepath       $certificate,
  Stdlib::Absolutepath       $private_key,
  Pattern[/\A\d\d\.\d\d\z/]   $version,
  Hash[String[1], Data]      $config,
  Hash[String[1], Hash]      $config_before,
  Hash[String[1], Hash]      $config_since,
  Hash[String[1], Data]      $config_override,
  Stdlib::Host               $sql_server,
  String[1]                  $sql_database,
  String[1]                  $sql_username,
  Stdlib::Absolutepath       $sql_schema_file,
  Array[String[1], 1]        $packages,
  Stdlib::Absolutepath       $config_dir,
  Stdlib::Absolutepath       $spool_dir,
  Stdlib::Absolutepath       $control_file,
  String[1]                  $service_name,
  Array[String[1]]           $start_after,
  String[1]                  $user,
  String[1]                  $group,
  Pattern[/\A[\w-]+@[\w.-]+\z/] $node,
  String[1]                  $package_ensure = 'installed',
) {
  contain ejabberd::install
  contain ejabberd::config
  contain ejabberd::schema
  contain ejabberd::service

  Class['ejabberd::install']
  -> Class['ejabberd::config']
  -> Class['ejabberd::schema']
  -> Class['ejabberd::service']

  Class['ejabberd::config'] ~> Class['ejabberd::service']

  # Accounts are made through the running server.
  Class['ejabberd::service'] -> Ejabberd_account<| |>
}
