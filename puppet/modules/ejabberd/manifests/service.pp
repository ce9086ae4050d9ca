# @summary Runs ejabberd, and has it take a changed ejabberd.yml: by a reload where that is enough, so that nobody loses the connection
#
# @api private
class ejabberd::service {
  $service = $ejabberd::service_name

  if $ejabberd::systemd {
    $directories = ["/etc/systemd/system/${service}.service.d"]
    $order = "/etc/systemd/system/${service}.service.d/order.conf"
    $content = epp('ejabberd/order.conf.epp', { 'units' => $ejabberd::start_after.map |$unit| { "${unit}.service" } })

    file { "/etc/systemd/system/${service}.service.d/memory.conf":
      ensure  => file,
      owner   => 'root',
      group   => 'root',
      mode    => '0644',
      content => epp('ejabberd/memory.conf.epp', { 'limit' => $ejabberd::memory_max }),
      before  => Service['ejabberd'],
      notify  => Exec['systemd knows how much memory ejabberd may have'],
    }

    # The running one is bound by it, too.
    exec { 'systemd knows how much memory ejabberd may have':
      command     => 'systemctl daemon-reload',
      path        => '/usr/bin:/bin',
      refreshonly => true,
      before      => Service['ejabberd'],
    }
  } else {
    # insserv(8) goes by it instead of the header of the init script.
    $directories = ['/etc/insserv', '/etc/insserv/overrides']
    $order = "/etc/insserv/overrides/${service}"
    $content = epp('ejabberd/order.lsb.epp', { 'name' => $service, 'services' => $ejabberd::start_after })
  }

  file {
    default:
      owner => 'root',
      group => 'root',
      ;
    $directories:
      ensure => directory,
      mode   => '0755',
      ;
    $order:
      ensure  => file,
      mode    => '0644',
      content => $content,
  }

  service { 'ejabberd':
    ensure  => running,
    name    => $service,
    enable  => true,
    require => File[$order],
  }

  $port = $ejabberd::distribution ? { undef => 0, default => $ejabberd::distribution['port'] }
  $arguments = "${ejabberd::user} ${ejabberd::node} ${port} ${service}"
  $environment = $ejabberd::layout['control'] + {
    'EJABBERD_CONFIG_PATH' => "${ejabberd::layout['config_dir']}/ejabberd.yml",
    'RELOADABLE'           => $ejabberd::reloadable.join(' '),
  }
  exec { 'ejabberd takes its configuration':
    command     => "/usr/local/sbin/ejabberd-apply apply ${arguments}",
    unless      => "/usr/local/sbin/ejabberd-apply check ${arguments}",
    environment => $environment.map |$name, $value| { "${name}=${value}" },
    path        => '/usr/sbin:/usr/bin:/sbin:/bin',
    timeout     => 600,
    logoutput   => true,
    require     => Service['ejabberd'],
  }
}
