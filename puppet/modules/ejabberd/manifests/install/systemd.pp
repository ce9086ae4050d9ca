# @summary Keeps what systemd would start at once from starting, or from listening on all addresses
#
# @api private
class ejabberd::install::systemd {
  # A package starts its service as soon as it is installed, here with an open default configuration on all addresses. Masked,
  # it waits; Service['ejabberd'] takes the mask away when everything is in place.
  exec { 'mask ejabberd until it is configured':
    command => "systemctl mask ${ejabberd::service_name}.service",
    unless  => 'dpkg-query --status ejabberd | grep -qx "Status: install ok installed"',
    path    => '/usr/sbin:/usr/bin:/sbin:/bin',
  }

  # Erlang's port mapper, where Debian installs it as a service, would listen on all addresses, too.
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

  exec { 'restart epmd.socket':
    command     => 'systemctl daemon-reload; systemctl stop epmd.service; systemctl restart epmd.socket',
    onlyif      => 'systemctl is-active epmd.socket',
    path        => '/usr/bin:/bin',
    provider    => shell,
    refreshonly => true,
  }
}
