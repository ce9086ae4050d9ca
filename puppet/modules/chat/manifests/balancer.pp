# @summary HAProxy in front of the nodes: it passes TLS through, and tells the nodes who connects
#
# A node gets connections while it opens an XMPP stream when asked; `chat-balancer drain NODE` keeps new ones away from it.
#
# @param nodes
#   The addresses of the nodes, by name.
# @param files
#   The node that keeps the files that people send.
# @param check_port
#   The port of the nodes that is asked whether they serve; without the PROXY protocol.
# @param domain
#   The domain that the nodes are asked for.
class chat::balancer (
  Hash[String[1], Pattern[/\A[\h.:]+\z/], 1] $nodes,
  String[1] $files,
  Integer[1, 65535] $check_port = 5220,
  Ejabberd::Domain $domain = $chat::domain,
) {
  if $facts['os']['distro']['codename'] == 'trusty' {
    fail('HAProxy of Ubuntu 14.04 is too old for a load balancer: it needs 2.0 or newer')
  }

  $settings = { 'domain' => $domain, 'nodes' => $nodes, 'files' => $files, 'check_port' => $check_port }
  file {
    default:
      ensure => file,
      owner  => 'root',
      group  => 'root',
      ;
    '/usr/local/sbin/chat-balancer':
      mode   => '0755',
      source => 'puppet:///modules/chat/chat-balancer',
      ;
    '/etc/haproxy':
      ensure => directory,
      mode   => '0755',
      ;
    '/etc/haproxy/haproxy.cfg':
      mode         => '0644',
      content      => epp('chat/haproxy.cfg.epp', $settings),
      validate_cmd => 'test ! -x /usr/sbin/haproxy || /usr/sbin/haproxy -c -q -f %',
      notify       => Service['haproxy'],
  }

  # After its configuration: so it is started once, with it.
  package { ['haproxy', 'socat']:
    ensure  => installed,
    require => File['/etc/haproxy/haproxy.cfg'],
  }

  # A reload keeps the connections that there are.
  service { 'haproxy':
    ensure  => running,
    enable  => true,
    restart => 'service haproxy reload',
    require => Package['haproxy'],
  }
}
