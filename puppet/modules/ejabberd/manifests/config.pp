# @summary Writes ejabberd.yml, for `ejabberd::service` to apply, and the settings of ejabberdctl, which are read at a start only
#
# @api private
class ejabberd::config {
  $layout = $ejabberd::layout
  $config_dir = $layout['config_dir']
  $tls_dir = $ejabberd::certificates::directory
  $certificates = $ejabberd::certificate ? {
    undef   => {},
    default => { 'certfiles' => ["${tls_dir}/server.pem", "${tls_dir}/server.key"] },
  }
  $different = $ejabberd::vhosts.filter |$_domain, $options| { $options != {} }
  $host_config = $different.empty ? { true => {}, default => { 'host_config' => $different } }
  $settings = $host_config + {
    'hosts'        => ($ejabberd::hosts + $ejabberd::vhosts.keys).unique,
    'sql_type'     => 'mysql',
    'sql_server'   => $ejabberd::sql_server,
    'sql_database' => $ejabberd::sql_database,
    'sql_username' => $ejabberd::sql_username,
    'sql_password' => $ejabberd::sql_password.unwrap,
  }
  $config = ejabberd::config_for($layout['version'], $ejabberd::config, $ejabberd::config_before, $ejabberd::config_since)
  $all = ejabberd::merge($settings, $certificates, $config, $layout['config'], $ejabberd::config_override)
  $whole = $all + { 'modules' => $all['modules'].filter |$name, $_options| { !($name in $ejabberd::without_modules) } }
  $ejabberd_yml = ejabberd::to_yaml($whole)

  # A port that is taken keeps ejabberd from starting; while it runs, it goes on without, and says so in its log only.
  $listeners = $whole['listen'].filter |$listener| { $listener['port'] =~ Integer }.map |$listener| {
    $listener['transport'] ? { 'udp' => "${listener['port']}/udp", default => $listener['port'] }
  }
  $proxy = $whole['modules']['mod_proxy65'] ? { Hash => [{ 'port' => 7777 } + $whole['modules']['mod_proxy65']], default => [] }
  $erlang = $ejabberd::distribution ? { undef => [], default => [$ejabberd::distribution['port']] }
  $check = "/usr/local/sbin/ejabberd-check-ports ${($listeners + $proxy.map |$module| { $module['port'] } + $erlang).unique.join(' ')}"
  exec { 'check the ports of ejabberd':
    command => $check,
    unless  => $check,
    path    => '/usr/sbin:/usr/bin:/sbin:/bin',
    before  => File["${config_dir}/ejabberd.yml"],
  }

  file {
    default:
      owner => 'root',
      group => $ejabberd::group,
      ;
    "${config_dir}/ejabberd.yml":
      ensure       => file,
      mode         => '0640',
      content      => Sensitive("# Written by Puppet; changes are lost. Your settings: ejabberd::config_override\n${ejabberd_yml}"),
      validate_cmd => '/usr/local/sbin/ejabberd-check-config %',
      show_diff    => false,
      backup       => false,
      ;
    $layout['control_file']:
      ensure  => file,
      mode    => '0644',
      content => epp('ejabberd/ejabberdctl.cfg.epp', {
        'node'         => $ejabberd::node,
        'distribution' => $ejabberd::distribution,
        'settings'     => $layout['control'],
      }),
      notify  => Service['ejabberd'],
      ;
    "${layout['home']}/.erlang.cookie":
      ensure    => file,
      owner     => $ejabberd::user,
      mode      => '0400',
      content   => $ejabberd::cookie,
      notify    => Service['ejabberd'],
      show_diff => false,
      backup    => false,
  }
}
