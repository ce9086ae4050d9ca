# @summary The database is on another machine: waits until it is ready for this one
#
# @param server
#   The name or address of the machine.
# @param packages
#   The client of the database.
# @param options
#   More settings for that client, as in my.cnf, for example `ssl-verify-server-cert: false` where MariaDB's asks MySQL 8.
# @param password
#   The password of the database user.
# @param database
#   The name of the database.
# @param user
#   The name of the database user.
# @param tries
#   How often it is asked, every five seconds, before the run ends with what is wrong.
class chat::away (
  Pattern[/\A[\w.:-]+\z/] $server,
  Array[String[1], 1] $packages,
  Integer[1] $tries,
  Hash[Pattern[/\A[\w-]+\z/], Variant[String, Integer, Boolean]] $options,
  Sensitive[Pattern[/\A[^'"\\\s]+\z/]] $password = lookup('chat::database_password'),
  Pattern[/\A\w+\z/] $database = 'ejabberd',
  Pattern[/\A\w+\z/] $user = 'ejabberd',
) {
  $access = '/root/.chat-database.cnf'

  package { $packages:
    ensure => installed,
  }

  $more = $options.map |$name, $value| { "${name}=${value}\n" }.join
  file { $access:
    ensure    => file,
    owner     => 'root',
    group     => 'root',
    mode      => '0600',
    content   => Sensitive("[client]\nhost=${server}\nuser=${user}\npassword=\"${password.unwrap}\"\n${more}"),
    show_diff => false,
    backup    => false,
  }

  # ejabberd would start without, and fail at each login.
  $ask = "HOME=/nonexistent mysql --defaults-extra-file=${access} --connect-timeout=5 -NBe 'SELECT 1 FROM users LIMIT 1' ${database}"
  $advice = "the database on ${server} is not ready for this machine: make that one first, then this one again"
  exec { "the database on ${server}":
    command   => "${ask} || { echo '${advice}'; exit 1; }",
    unless    => $ask,
    tries     => $tries,
    try_sleep => 5,
    path      => '/usr/bin:/bin',
    provider  => shell,
    require   => [Package[$packages], File[$access]],
  }
}
