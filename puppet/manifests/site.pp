# One machine, made of the parts that its data names (chat::parts in data/).
unless $facts['os']['distro']['codename'] in ['bookworm', 'trixie', 'forky'] {
  fail("${facts['os']['name']} ${facts['os']['release']['full']} is not yet supported by this environment; Debian 12 and 13 are")
}

# puppetlabs-mysql asks for a fact that only machines with lsb-release have.
unless 'lsbdistcodename' in $facts {
  $lsbdistcodename = $facts['os']['distro']['codename']
}

node default {
  include chat
}
