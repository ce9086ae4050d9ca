# @summary Runs ejabberd
#
# @api private
class ejabberd::service {
  assert_private()

  $dropin = "/etc/systemd/system/${ejabberd::service_name}.service.d"

  file {
    default:
      owner => 'root',
      group => 'root',
      ;
    $dropin:
      ensure => directory,
      mode   => '0755',
      ;
    "${dropin}/order.conf":
      ensure  => file,
      mode    => '0644',
      content => epp('ejabberd/order.conf.epp', { 'units' => $ejabberd::start_after }),
  }

  service { 'ejabberd':
    ensure  => running,
    name    => $ejabberd::service_name,
    enable  => true,
    require => File["${dropin}/order.conf"],
  }
}
