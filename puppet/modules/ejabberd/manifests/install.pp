# @summary Installs the packages; nothing listens before it is configured
#
# @api private
class ejabberd::install {
  assert_private()

  # Debian starts a service as soon as it is installed, here with an open default configuration on all addresses. Masked, it
  # waits; Service['ejabberd'] takes the mask away when everything is in place.
  exec { 'mask ejabberd until it is configured':
    command => "systemctl mask ${ejabberd::service_name}.service",
    unless  => 'dpkg-query --status ejabberd | grep -qx "Status: install ok installed"',
    path    => '/usr/sbin:/usr/bin:/sbin:/bin',
  }

  # Erlang's port mapper would listen on all addresses, too.
  file {
    default:
      owner => 'root',
      group => 'root',
      ;
    '/etc/systemd/system/epmd.socket.d':
      ensure => directory,
      mode   => '0755',
      ;
    '/etc/systemd/system/epmd.socket.d/loopback.conf':
      ensure  => file,
      mode    => '0644',
      content => epp('ejabberd/epmd-loopback.conf.epp'),
      notify  => Exec['restart epmd.socket'],
  }

  package { $ejabberd::packages:
    ensure  => $ejabberd::package_ensure,
    require => [
      Exec['mask ejabberd until it is configured'],
      File['/etc/systemd/system/epmd.socket.d/loopback.conf'],
    ],
  }

  exec { 'restart epmd.socket':
    command     => 'systemctl daemon-reload; systemctl stop epmd.service; systemctl restart epmd.socket',
    onlyif      => 'systemctl is-active epmd.socket',
    path        => '/usr/bin:/bin',
    provider    => shell,
    refreshonly => true,
  }

  # A configuration that ejabberd would refuse never replaces the one that runs.
  file { '/usr/local/sbin/ejabberd-check-config':
    ensure => file,
    owner  => 'root',
    group  => 'root',
    mode   => '0755',
    source => 'puppet:///modules/ejabberd/check-config',
  }
}
