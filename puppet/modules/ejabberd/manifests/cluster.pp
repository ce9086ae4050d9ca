# @summary Makes this ejabberd a node of the cluster of its peers
#
# Joining empties what Mnesia keeps on the node that joins (sessions; before ejabberd 26.07 the tokens of mod_auth_fast, too). So only
# a node that knows no other node and serves nobody joins; a member never joins again, whoever of the others is down. Where no
# peer answers, this node is the first.
#
# Each minute a member looks whether it is apart from another one that it reaches, as after a cut network, and starts again where it has to.
#
# @api private
class ejabberd::cluster {
  $script = '/usr/local/sbin/ejabberd-cluster'
  $distribution = $ejabberd::distribution
  unless $distribution {
    fail('a node of a cluster needs ejabberd::distribution: the address and the port for the other nodes')
  }
  $arguments = "${ejabberd::user} ${ejabberd::node} ${distribution['port']} ${ejabberd::peers.join(' ')}"

  file { $script:
    ensure => file,
    owner  => 'root',
    group  => 'root',
    mode   => '0755',
    source => 'puppet:///modules/ejabberd/ejabberd-cluster',
  }

  exec { 'join the cluster':
    command => "${script} join ${arguments}",
    unless  => "${script} joined ${arguments}",
    path    => '/usr/sbin:/usr/bin:/sbin:/bin',
    timeout => 300,
    require => File[$script],
  }

  if $ejabberd::systemd {
    file {
      default:
        ensure => file,
        owner  => 'root',
        group  => 'root',
        mode   => '0644',
        notify => Service['ejabberd-cluster.timer'],
        ;
      '/etc/systemd/system/ejabberd-cluster.service':
        content => epp('ejabberd/ejabberd-cluster.service.epp', { 'command' => "${script} rejoin ${arguments}" }),
        ;
      '/etc/systemd/system/ejabberd-cluster.timer':
        content => epp('ejabberd/ejabberd-cluster.timer.epp'),
    }

    service { 'ejabberd-cluster.timer':
      ensure  => running,
      enable  => true,
      require => Exec['join the cluster'],
    }
  } else {
    file { '/etc/cron.d/ejabberd-cluster':
      ensure  => file,
      owner   => 'root',
      group   => 'root',
      mode    => '0644',
      content => "# Written by Puppet.\nPATH=/usr/sbin:/usr/bin:/sbin:/bin\n* * * * * root ${script} rejoin ${arguments}\n",
      require => Exec['join the cluster'],
    }
  }
}
