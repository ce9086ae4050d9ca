# A system that nobody has tried would fail half-way, with a server that half works. Better not to start.
$supported = {
  'Ubuntu' => ['trusty', 'jammy', 'noble'],
  'Debian' => ['bookworm', 'trixie', 'forky'],
}
$codename = $facts['os']['distro']['codename']
unless $codename in [$supported[$facts['os']['name']]].flatten {
  fail("${facts['os']['name']} ${facts['os']['release']['full']} is not supported by this environment; Ubuntu 14.04, 22.04 and 24.04, and Debian 12 and 13 are")
}

node default {
  include chat
}
