# @summary ejabberd for the domain
#
# @param password
#   The password of the database user.
# @param certificate
#   The server certificate (PEM).
# @param private_key
#   The private key of the server certificate (PEM).
# @param admins
#   The accounts, without domain, that may administer the server.
class chat::server (
  Array[String[1]] $admins,
  Sensitive[String[1]] $password = lookup('chat::database_password'),
  Stdlib::Absolutepath $certificate = "${chat::state_dir}/pki/server.pem",
  Stdlib::Absolutepath $private_key = "${chat::state_dir}/pki/server.key",
) {
  # So that chat works here without any DNS. Behind the line of localhost, which stays the first name of 127.0.0.1.
  $services = ['conference', 'pubsub', 'upload'].map |$service| { "${service}.${chat::domain}" }
  file_line { "address of ${chat::domain}":
    path  => '/etc/hosts',
    line  => "127.0.0.1 ${chat::domain} ${services.join(' ')}",
    match => "^127\\.0\\.0\\.1 ${regexpescape($chat::domain)} ",
  }

  # What puppet/bin/backup and puppet/bin/restore run here.
  ['chat-backup', 'chat-restore'].each |$script| {
    file { "/usr/local/sbin/${script}":
      ensure => file,
      owner  => 'root',
      group  => 'root',
      mode   => '0755',
      source => "puppet:///modules/chat/${script}",
    }
  }

  class { 'ejabberd':
    hosts           => [$chat::domain],
    sql_password    => $password,
    certificate     => $certificate,
    private_key     => $private_key,
    start_after     => 'database' in $chat::parts ? { true => ['mariadb.service'], default => [] },
    config_override => deep_merge(
      { 'acl' => { 'admin' => { 'user' => $admins.map |$name| { "${name}@${chat::domain}" } } } },
      lookup('ejabberd::config_override', Hash, 'deep', {}),
    ),
  }
  contain ejabberd
}
