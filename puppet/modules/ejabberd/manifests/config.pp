# @summary Writes ejabberd.yml, the certificate, and the settings of ejabberdctl
#
# @api private
class ejabberd::config {
  assert_private()

  $tls_dir = "${ejabberd::config_dir}/tls"
  $settings = {
    'hosts'        => $ejabberd::hosts,
    'certfiles'    => ["${tls_dir}/server.pem", "${tls_dir}/server.key"],
    'sql_type'     => 'mysql',
    'sql_server'   => $ejabberd::sql_server,
    'sql_database' => $ejabberd::sql_database,
    'sql_username' => $ejabberd::sql_username,
    'sql_password' => $ejabberd::sql_password.unwrap,
  }
  $config = ejabberd::config_for($ejabberd::version, $ejabberd::config, $ejabberd::config_before, $ejabberd::config_since)
  $ejabberd_yml = ejabberd::to_yaml(deep_merge($settings, $config, $ejabberd::config_override))

  file {
    default:
      owner => 'root',
      group => $ejabberd::group,
      ;
    [$ejabberd::config_dir, $tls_dir]:
      ensure => directory,
      mode   => '0750',
      ;
    "${tls_dir}/server.pem":
      ensure => file,
      mode   => '0640',
      source => $ejabberd::certificate,
      before => File["${ejabberd::config_dir}/ejabberd.yml"],
      ;
    "${tls_dir}/server.key":
      ensure    => file,
      mode      => '0640',
      source    => $ejabberd::private_key,
      before    => File["${ejabberd::config_dir}/ejabberd.yml"],
      show_diff => false,
      backup    => false,
      ;
    "${ejabberd::config_dir}/ejabberd.yml":
      ensure       => file,
      mode         => '0640',
      content      => Sensitive("# Written by Puppet; changes are lost. Your settings: ejabberd::config_override\n${ejabberd_yml}"),
      validate_cmd => '/usr/local/sbin/ejabberd-check-config %',
      show_diff    => false,
      backup       => false,
      ;
    $ejabberd::control_file:
      ensure  => file,
      group   => 'root',
      mode    => '0644',
      content => epp('ejabberd/ejabberdctl.cfg.epp', {
        'node'        => $ejabberd::node,
        'config_file' => "${ejabberd::config_dir}/ejabberd.yml",
      }),
      ;
    "${ejabberd::spool_dir}/.erlang.cookie":
      ensure    => file,
      owner     => $ejabberd::user,
      mode      => '0400',
      content   => $ejabberd::cookie,
      show_diff => false,
      backup    => false,
  }
}
