# @summary Makes this machine trust the installation's own certificate authority, where it has one
#
# @param ca
#   The certificate of the authority (PEM). Its key stays on the host that made it.
class chat::certificates (
  Ejabberd::Path $ca = "${chat::state_dir}/pki/ca.pem",
) {
  if lookup('chat::server::tls_mode') == 'own_ca' {
    package { 'ca-certificates':
      ensure => installed,
    }

    file { '/usr/local/share/ca-certificates/chat-ca.crt':
      ensure  => file,
      owner   => 'root',
      group   => 'root',
      mode    => '0644',
      source  => $ca,
      require => Package['ca-certificates'],
      notify  => Exec['update-ca-certificates'],
    }

    exec { 'update-ca-certificates':
      path        => '/usr/sbin:/usr/bin:/sbin:/bin',
      refreshonly => true,
    }
  }
}
