# @summary ejabberd for the domain
#
# @param password
#   The password of the database user.
# @param tls_mode
#   `own_ca`: a certificate of the installation's own authority, made by puppet/bin/prepare. `provided`: one of your own, in
#   `certificate` and `private_key`. `acme`: ejabberd gets one by itself (Let's Encrypt); the domain has to lead to port 80 here.
# @param certificate
#   The server certificate (PEM), with its chain.
# @param private_key
#   The private key of the server certificate (PEM).
# @param federation
#   Whether people of other servers can be written to, and write: port 5269. Each server has to show a certificate that is good for its
#   domain, of an authority that this machine trusts; without one nothing is exchanged.
# @param calls
#   Whether calls find their way through routers by this server: STUN and TURN, UDP port 3478 and `relay_ports`.
# @param relay_ports
#   The first and the last UDP port that calls are relayed on.
# @param address
#   The IPv4 address that clients reach this machine at, as it is told to them for calls and file transfers. Vagrant says its own.
# @param contact
#   For `acme`: the mail address that its authority may write to.
# @param behind
#   Behind a load balancer: the address of this machine that the balancer connects to, with the PROXY protocol. The same ports on
#   loopback are without it.
# @param check_port
#   Behind a load balancer: the port that it asks whether this node serves.
# @param admins
#   The accounts, without domain, that may administer the server.
# @param pins
#   Files from elsewhere in cache/, with their checksums: `ejabberd` is ProcessOne's package.
class chat::server (
  Array[String[1]] $admins,
  Enum['own_ca', 'provided', 'acme'] $tls_mode,
  Boolean $federation,
  Boolean $calls,
  Tuple[Integer[1024, 65535], Integer[1024, 65535]] $relay_ports,
  Hash[String[1], Hash] $pins = lookup('chat::pins'),
  Sensitive[String[1]] $password = lookup('chat::database_password'),
  Ejabberd::Path $certificate = "${chat::state_dir}/pki/server.pem",
  Ejabberd::Path $private_key = "${chat::state_dir}/pki/server.key",
  Optional[Pattern[/\A[^@\s]+@[^@\s]+\z/]] $contact = undef,
  Optional[Pattern[/\A\d{1,3}(\.\d{1,3}){3}\z/]] $address = $facts['chat_address'] ? {
    undef   => $facts['networking']['ip'],
    default => $facts['chat_address'],
  },
  Optional[Pattern[/\A[\h.:]+\z/]] $behind = undef,
  Integer[1, 65535] $check_port = 5220,
) {
  $pair = $tls_mode ? {
    'acme'  => { 'certificate' => undef, 'private_key' => undef },
    default => { 'certificate' => $certificate, 'private_key' => $private_key },
  }
  # ejabberd answers its authority on port 80, and renews by itself.
  [$acme, $acme_listener] = $tls_mode ? {
    'acme'  => [
      { 'acme' => { 'auto' => true } + ($contact ? { undef => {}, default => { 'contact' => "mailto:${contact}" } }) },
      [{
          'port' => 80, 'ip' => '::', 'module' => 'ejabberd_http',
          'request_handlers' => { '/.well-known/acme-challenge' => 'ejabberd_acme' },
      }],
    ],
    default => [{}, []],
  }
  # No dialback: a certificate is the only way in, and out.
  [$federated, $federation_listener] = $federation ? {
    true    => [
      {
        's2s_access'           => 'all',
        's2s_use_starttls'     => 'required',
        's2s_protocol_options' => lookup('ejabberd::config')['c2s_protocol_options'],
      },
      [{ 'port' => 5269, 'ip' => '::', 'module' => 'ejabberd_s2s_in', 'max_stanza_size' => 1048576 }],
    ],
    default => [{}, []],
  }
  # Who calls may be relayed to others, but not to what listens on this machine only, nor to where clouds keep their secrets.
  $told = $address ? { undef => {}, default => { 'turn_ipv4_address' => $address } }
  [$calling, $calls_listener] = $calls ? {
    true    => [
      { 'modules' => { 'mod_stun_disco' => {} } },
      [$told + {
          'port' => 3478, 'ip' => '::', 'transport' => 'udp', 'module' => 'ejabberd_stun', 'use_turn' => true,
          'turn_min_port' => $relay_ports[0], 'turn_max_port' => $relay_ports[1],
          'turn_blacklist' => ['127.0.0.0/8', '::1/128', '0.0.0.0/8', '169.254.0.0/16', 'fe80::/10'],
      }],
    ],
    default => [{}, []],
  }
  $administrators = $admins.map |$name| { "${name}@${chat::domain}" }
  $known = {
    'listen'  => lookup('ejabberd::config')['listen'] + $acme_listener + $federation_listener + $calls_listener,
    'acl'     => { 'admin' => { 'user' => $administrators } },
    'modules' => {
      'mod_disco'   => {
        'server_info' => [{ 'modules' => 'all', 'name' => 'abuse-addresses', 'urls' => $administrators.map |$jid| { "xmpp:${jid}" } }],
      },
      'mod_proxy65' => { 'hostname' => $address ? { undef => $chat::domain, default => $address } },
    },
  }

  $balanced = $behind ? {
    undef   => {},
    default => { 'listen' => ejabberd::behind_proxy($known['listen'], $behind, $check_port) },
  }

  # So that chat works here without any DNS. Behind the line of localhost, which stays the first name of 127.0.0.1.
  ([$chat::domain] + lookup('ejabberd::vhosts').keys).unique.each |$domain| {
    $names = [$domain] + ['conference', 'pubsub', 'upload'].map |$service| { "${service}.${domain}" }
    $line = "127.0.0.1 ${names.join(' ')}"
    exec { "address of ${domain}":
      command  => "sed -i '/^127\\.0\\.0\\.1 ${domain} /d' /etc/hosts; echo '${line}' >> /etc/hosts",
      unless   => "grep -qxF '${line}' /etc/hosts",
      path     => '/usr/bin:/bin',
      provider => shell,
    }
  }

  include chat::keeping

  class { 'ejabberd':
    hosts           => [$chat::domain],
    sql_password    => $password,
    *               => $pair,
    package_file    => "${chat::state_dir}/cache/${pins['ejabberd']['file']}",
    package_sha256  => $pins['ejabberd']['sha256'],
    start_after     => 'database' in $chat::parts ? { true => [lookup('chat::database::service')], default => [] },
    config_override => ejabberd::merge(
      $known,
      $acme,
      $federated,
      $calling,
      $balanced,
      lookup('ejabberd::config_override', Hash, 'deep', {}),
    ),
  }
  contain ejabberd
}
