# @summary Installs ProcessOne's package from a file, when it is the one that was named
#
# It brings its own Erlang and depends on nothing. Each version has a directory of its own, /opt/ejabberd-VERSION; what lasts is
# in /opt/ejabberd.
#
# @api private
class ejabberd::install::processone {
  $file = $ejabberd::package_file
  unless $file and $ejabberd::package_sha256 {
    fail("ejabberd::package_file and ejabberd::package_sha256 name ProcessOne's package and its checksum; one is missing")
  }

  $installed = "test \"$(dpkg-query --show --showformat '\${Status} \${Version}' ejabberd)\" = \"install ok installed $(dpkg-deb --field ${file} Version)\""

  exec { 'check the package of ejabberd':
    command  => "test -e '${file}' || { echo '${file} is not there'; exit 1; }; echo '${ejabberd::package_sha256}  ${file}' | sha256sum --check --status || { echo '${file} has another checksum than ejabberd::package_sha256'; exit 1; }",
    unless   => $installed,
    path     => '/usr/sbin:/usr/bin:/sbin:/bin',
    provider => shell,
  }

  # Without systemd the old one would go on without its files; its init script knows only its own version.
  exec { 'stop ejabberd before its upgrade':
    command  => "service ${ejabberd::service_name} stop",
    onlyif   => "test -x /etc/init.d/${ejabberd::service_name} && service ${ejabberd::service_name} status",
    unless   => $installed,
    path     => '/usr/sbin:/usr/bin:/sbin:/bin',
    provider => shell,
    require  => Exec['check the package of ejabberd'],
  }

  package { 'ejabberd':
    ensure   => latest,
    provider => dpkg,
    source   => $file,
    require  => Exec['stop ejabberd before its upgrade'],
  }
}
