# @summary Gives ejabberd its certificate. A new one is read by the running server: nobody loses the connection
#
# @api private
class ejabberd::certificates {
  $config_dir = $ejabberd::layout['config_dir']
  $directory = "${config_dir}/tls"

  file { [$config_dir, $directory]:
    ensure  => directory,
    owner   => 'root',
    group   => $ejabberd::group,
    mode    => '0750',
    require => Class['ejabberd::install'],
    before  => Class['ejabberd::config'],
  }

  if $ejabberd::certificate {
    file {
      default:
        ensure => file,
        owner  => 'root',
        group  => $ejabberd::group,
        mode   => '0640',
        before => Class['ejabberd::config'],
        notify => Exec['ejabberd reads its certificate again'],
        ;
      "${directory}/server.pem":
        source => $ejabberd::certificate,
        ;
      "${directory}/server.key":
        source    => $ejabberd::private_key,
        show_diff => false,
        backup    => false,
    }

    exec { 'ejabberd reads its certificate again':
      command     => 'ejabberdctl started && ejabberdctl reload_config',
      provider    => shell,
      path        => '/usr/sbin:/usr/bin:/sbin:/bin',
      refreshonly => true,
      require     => Class['ejabberd::service'],
    }
  }
}
