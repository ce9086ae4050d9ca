# @summary Installs the packages; nothing listens before it is configured
#
# @api private
class ejabberd::install {
  if $ejabberd::systemd {
    contain ejabberd::install::systemd
    Class['ejabberd::install::systemd'] -> Package[$ejabberd::layout['packages']]
  } elsif $ejabberd::package_source == 'distribution' {
    fail("without systemd, ejabberd is installed from ProcessOne's package only: package_source => processone")
  }

  if $ejabberd::package_source == 'processone' {
    contain ejabberd::install::processone
  } else {
    package { $ejabberd::layout['packages']:
      ensure => installed,
    }
  }

  file {
    default:
      ensure => file,
      owner  => 'root',
      group  => 'root',
      mode   => '0755',
      ;
    # Erlang with the libraries of the installed ejabberd.
    '/usr/local/sbin/ejabberd-erl':
      source => 'puppet:///modules/ejabberd/ejabberd-erl',
      ;
    # A configuration that ejabberd would refuse never replaces the one that runs.
    '/usr/local/sbin/ejabberd-check-config':
      source => 'puppet:///modules/ejabberd/check-config',
      ;
    '/usr/local/sbin/ejabberd-apply':
      source => 'puppet:///modules/ejabberd/ejabberd-apply',
      ;
    '/usr/local/sbin/ejabberd-check-ports':
      source => 'puppet:///modules/ejabberd/check-ports',
  }
}
