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
# @example ejabberd from ProcessOne's own package
#   class { 'ejabberd':
#     package_source => 'processone',
#     package_file   => '/srv/chat/cache/ejabberd_26.07-1_amd64.deb',
#     package_sha256 => '…',
#     …
#   }
#
# @param hosts
#   The domains that this server serves.
# @param vhosts
#   Further domains, each with what of the configuration is different there: see `host_config` of ejabberd. The certificate has to be
#   good for them, too.
# @param sql_password
#   The password of the database user.
# @param cookie
#   What the Erlang nodes of a cluster, and the tools on this machine, have to know to talk to ejabberd.
# @param certificate
#   Where the server certificate with its chain (PEM) is copied from. Without one, ejabberd gets certificates itself (ACME).
# @param private_key
#   Where the private key of the certificate (PEM) is copied from.
# @param package_source
#   Whose package is installed: that of the distribution, or ProcessOne's own.
# @param package_file
#   For `processone`: the package.
# @param package_sha256
#   For `processone`: the SHA-256 of the package, in hexadecimal. It is checked before the package is installed.
# @param layouts
#   By source of the package: its version, and where it keeps things. See the type `Ejabberd::Layout`.
# @param version
#   The version of ejabberd that will be installed, as `23.01`, where it is not that of `layouts`. Options and modules depend on it.
# @param config
#   The whole ejabberd.yml but for hosts, certificates and database, as every version knows it.
# @param config_before
#   By version: what is added to `config` for older versions only.
# @param config_since
#   By version: what is added to `config` for it and newer versions.
# @param config_override
#   Is merged into all that, deeply. The place for your own settings.
# @param reloadable
#   What ejabberd takes from a changed ejabberd.yml while it runs: options, modules (`mod_…`) and modules of listeners (`ejabberd_…`).
#   New modules, and new domains behind the others, need not be named. For any other change ejabberd starts again.
# @param sql_server
#   Name or address of the database server, or `unix:` and the path of its socket (ejabberd 24.06 or newer).
# @param sql_database
#   Name of the database.
# @param sql_username
#   Name of the database user.
# @param service_name
#   The name of the service.
# @param start_after
#   Services that have to be up before ejabberd starts at boot, for example `mariadb`.
# @param memory_max
#   With systemd: how much memory ejabberd may have, as systemd.resource-control(5) says. When it takes more it is ended, and starts again.
# @param user
#   The user that ejabberd runs as.
# @param group
#   The group that may read the configuration.
# @param node
#   The Erlang name of this ejabberd.
# @param distribution
#   For a cluster: the address, on a network that only its nodes are on, and the port where other nodes reach this one. Without it
#   Erlang is on loopback only.
# @param peers
#   For a cluster: the Erlang names of the other nodes. The largest part of the cluster that answers is joined; see `ejabberd::cluster`.
# @param tables
#   Whether the tables are loaded from here, by root of the database on this machine; else see `ejabberd::tables`.
# @param without_modules
#   Modules that are left out of the configuration, whoever named them.
# @param systemd
#   Whether services are managed by systemd; else by SysV init scripts.
class ejabberd (
  Array[Ejabberd::Domain, 1]  $hosts,
  Hash[Ejabberd::Domain, Hash[String[1], Data]] $vhosts,
  Sensitive[String[1]]        $sql_password,
  Sensitive[String[1]]        $cookie,
  Enum['distribution', 'processone'] $package_source,
  Hash[Enum['distribution', 'processone'], Hash] $layouts,
  Hash[String[1], Data]       $config,
  Hash[String[1], Hash]       $config_before,
  Hash[String[1], Hash]       $config_since,
  Hash[String[1], Data]       $config_override,
  Array[Pattern[/\A[a-z0-9_]+\z/]] $reloadable,
  Ejabberd::Sql_server        $sql_server,
  String[1]                   $sql_database,
  String[1]                   $sql_username,
  String[1]                   $service_name,
  Array[String[1]]            $start_after,
  Pattern[/\A(\d+[KMG%]?|infinity)\z/] $memory_max,
  String[1]                   $user,
  String[1]                   $group,
  Ejabberd::Node              $node,
  Optional[Ejabberd::Distribution] $distribution,
  Array[Ejabberd::Node]       $peers,
  Boolean                     $tables,
  Array[String[1]]            $without_modules,
  Optional[Ejabberd::Path]    $certificate = undef,
  Optional[Ejabberd::Path]    $private_key = undef,
  Optional[Ejabberd::Path]    $package_file = undef,
  Optional[Pattern[/\A\h{64}\z/]] $package_sha256 = undef,
  Optional[Pattern[/\A\d\d\.\d\d\z/]] $version = undef,
  Boolean                     $systemd = $facts['init_system'] == 'systemd',
) {
  $layout = ejabberd::layout($layouts, $package_source, $version)

  contain ejabberd::install
  contain ejabberd::certificates
  contain ejabberd::config
  contain ejabberd::service

  Class['ejabberd::install']
  -> Class['ejabberd::config']
  -> Class['ejabberd::service']

  if $tables {
    class { 'ejabberd::schema':
      database => $sql_database,
      file     => $layout['schema_file'],
    }
    contain ejabberd::schema
    Class['ejabberd::config'] -> Class['ejabberd::schema'] -> Class['ejabberd::service']
  }

  if $peers != [] {
    contain ejabberd::cluster
    Class['ejabberd::service'] -> Class['ejabberd::cluster'] -> Ejabberd_account<| |>
  }

  # Accounts are made through the running server.
  Class['ejabberd::service'] -> Ejabberd_account<| |>
}
