# @summary The database server, with a database and a user for ejabberd
#
# @param packages
#   The packages of the server and its client.
# @param service
#   The name of its service.
# @param config_file
#   Where `options` are written: a file that the server reads after its own.
# @param options
#   Settings by section, as in my.cnf; `true` stands for a setting without value.
# @param password
#   The password of the database user.
# @param database
#   The name of the database.
# @param user
#   The name of the database user.
# @param privileges
#   What that user may do in that database. From 23.10 on ejabberd changes its tables itself when it is upgraded.
# @param client
#   Where ejabberd comes from: `localhost` is the socket.
# @param clients
#   The same, when there are several: the addresses of the nodes of a cluster. From elsewhere nobody can log in.
class chat::database (
  Array[String[1], 1] $packages,
  String[1] $service,
  Ejabberd::Path $config_file,
  Hash[String[1], Hash[String[1], Variant[String, Integer, Boolean]]] $options,
  Array[Pattern[/\A[A-Z ]+\z/], 1] $privileges,
  Pattern[/\A[\w.:-]+\z/] $client,
  Array[Pattern[/\A[\w.:-]+\z/], 1] $clients = [$client],
  Sensitive[Pattern[/\A[^'"\\\s]+\z/]] $password = lookup('chat::database_password'),
  Pattern[/\A\w+\z/] $database = 'ejabberd',
  Pattern[/\A\w+\z/] $user = 'ejabberd',
) {
  include chat::keeping

  $directory = $config_file.regsubst('/[^/]*\z', '')
  $access = '/root/.chat-database.cnf'
  $script = '/usr/local/sbin/chat-database'
  $arguments = "${database} ${user} '${privileges.unique.sort.join(',')}' ${clients.join(' ')}"

  # Before the package, so that the server is started once, with its settings.
  file {
    default:
      owner => 'root',
      group => 'root',
      ;
    ['/etc/mysql', $directory]:
      ensure => directory,
      mode   => '0755',
      ;
    $config_file:
      ensure  => file,
      mode    => '0644',
      content => epp('chat/database.cnf.epp', { 'options' => $options }),
      notify  => Service['database'],
      ;
    $access:
      ensure    => file,
      mode      => '0600',
      content   => Sensitive("[client]\nuser=${user}\npassword=\"${password.unwrap}\"\n"),
      show_diff => false,
      backup    => false,
      ;
    $script:
      ensure => file,
      mode   => '0755',
      source => 'puppet:///modules/chat/chat-database',
  }

  package { $packages:
    ensure  => installed,
    require => File[$config_file],
  }

  service { 'database':
    ensure  => running,
    name    => $service,
    enable  => true,
    require => Package[$packages],
  }

  exec { 'the database and its user':
    command     => "${script} ${arguments}",
    unless      => "${script} --check ${arguments}",
    environment => 'HOME=/root',
    path        => '/usr/sbin:/usr/bin:/sbin:/bin',
    require     => [Service['database'], File[$access], File[$script]],
  }
}
