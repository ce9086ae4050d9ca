# @summary ejabberd for the domain
#
# @param password
#   The password of the database user.
# @param tls_mode
#   `own_ca`: a certificate of the installation's own authority, made by puppet/bin/prepare. `provided`: one of your own, in
#   `certificate` and `private_key`. `acme`: ejabberd gets one by itself (Let's Encrypt); the domain has to lead to port 80 here.
# @param certificate
#   The server certificate (PEM), with its chain.
# @param private_key
#   The private key of the server certificate (PEM).
# @param contact
#   For `acme`: the mail address that its authority may write to.
# @param admins
#   The accounts, without domain, that may administer the server.
# @param pins
#   Files from elsewhere in cache/, with their checksums: `ejabberd` is ProcessOne's package.
class chat::server (
  Array[String[1]] $admins,
  Enum['own_ca', 'provided', 'acme'] $tls_mode,
  Hash[String[1], Hash] $pins = lookup('chat::pins'),
  Sensitive[String[1]] $password = lookup('chat::database_password'),
  Ejabberd::Path $certificate = "${chat::state_dir}/pki/server.pem",
  Ejabberd::Path $private_key = "${chat::state_dir}/pki/server.key",
  Optional[Pattern[/\A[^@\s]+@[^@\s]+\z/]] $contact = undef,
) {
  $pair = $tls_mode ? {
    'acme'  => { 'certificate' => undef, 'private_key' => undef },
    default => { 'certificate' => $certificate, 'private_key' => $private_key },
  }
  # ejabberd answers its authority on port 80, and renews by itself.
  $acme = $tls_mode ? {
    'acme'  => {
      'acme'   => { 'auto' => true } + ($contact ? { undef => {}, default => { 'contact' => "mailto:${contact}" } }),
      'listen' => lookup('ejabberd::config')['listen'] + [{
          'port'             => 80,
          'ip'               => '::',
          'module'           => 'ejabberd_http',
          'request_handlers' => { '/.well-known/acme-challenge' => 'ejabberd_acme' },
      }],
    },
    default => {},
  }

  # So that chat works here without any DNS. Behind the line of localhost, which stays the first name of 127.0.0.1.
  $names = [$chat::domain] + ['conference', 'pubsub', 'upload'].map |$service| { "${service}.${chat::domain}" }
  $line = "127.0.0.1 ${names.join(' ')}"
  exec { "address of ${chat::domain}":
    command  => "sed -i '/^127\\.0\\.0\\.1 ${chat::domain} /d' /etc/hosts; echo '${line}' >> /etc/hosts",
    unless   => "grep -qxF '${line}' /etc/hosts",
    path     => '/usr/bin:/bin',
    provider => shell,
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
    *               => $pair,
    package_file    => "${chat::state_dir}/cache/${pins['ejabberd']['file']}",
    package_sha256  => $pins['ejabberd']['sha256'],
    start_after     => 'database' in $chat::parts ? { true => [lookup('chat::database::service')], default => [] },
    config_override => ejabberd::merge(
      $acme,
      { 'acl' => { 'admin' => { 'user' => $admins.map |$name| { "${name}@${chat::domain}" } } } },
      lookup('ejabberd::config_override', Hash, 'deep', {}),
    ),
  }
  contain ejabberd
}
