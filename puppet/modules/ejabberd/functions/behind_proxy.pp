# @summary Listeners for a load balancer that passes connections on with the PROXY protocol
#
# ejabberd waits for that header before it takes the next connection, and believes it: only the balancer may reach the address.
# The balancer's own checks, which are for nobody, come in without it, on a port of their own: ejabberd (23.01 to 26.07) takes what
# follows an empty header of version 2 for a part of it.
#
# @param listen
#   The listeners, as in ejabberd.yml.
# @param address
#   The address of this machine that the balancer connects to.
# @param check
#   The port for its checks.
# @return [Array] Each listener on all addresses is on that one only, and on loopback without the PROXY protocol; one more is for checks; others are as they were.
function ejabberd::behind_proxy(Array[Hash] $listen, String[1] $address, Integer $check) >> Array[Hash] {
  $clients = $listen.filter |$listener| { $listener['module'] == 'ejabberd_c2s' and $listener['starttls_required'] }
  $checks = $clients[0, 1].map |$listener| { $listener + { 'ip' => $address, 'port' => $check } }

  $listen.reduce($checks) |$done, $listener| {
    if $listener['ip'] == '::' and $listener['transport'] != 'udp' {
      $done + [$listener + { 'ip' => $address, 'use_proxy_protocol' => true }, $listener + { 'ip' => '127.0.0.1' }]
    } else {
      $done + [$listener]
    }
  }
}
