# frozen_string_literal: true

# Prints the configuration of an ejabberd that has a domain for each mechanism, and speaks one version of TLS.
# usage: ruby ejabberd.rb VERSION TLS      TLS: 1.2 or 1.3
require 'yaml'

MECHANISMS = %w[PLAIN DIGEST-MD5 SCRAM-SHA-1 SCRAM-SHA-1-PLUS SCRAM-SHA-256 SCRAM-SHA-256-PLUS SCRAM-SHA-512
                SCRAM-SHA-512-PLUS X-OAUTH2 ANONYMOUS EXTERNAL].freeze
VERSION, TLS = ARGV

# On `port` STARTTLS, and on the next one direct TLS.
def pair(port, more = {})
  listener = { 'ip' => '::', 'module' => 'ejabberd_c2s', 'access' => 'all', 'max_stanza_size' => 262_144 }.merge(more)
  [listener.merge('port' => port, 'starttls_required' => true), listener.merge('port' => port + 1, 'tls' => true)]
end

# Passwords are kept in clear: only so each SCRAM can be offered.
def only(mechanism)
  method = mechanism == 'ANONYMOUS' ? 'anonymous' : 'internal'
  { 'auth_method' => [method], 'disable_sasl_mechanisms' => MECHANISMS - [mechanism] }
    .merge(method == 'anonymous' ? { 'anonymous_protocol' => 'sasl_anon' } : {})
end

# Accounts are made from the host that runs the test.
API = { 'port' => 5280, 'ip' => '::', 'module' => 'ejabberd_http',
        'request_handlers' => { '/api' => 'mod_http_api' } }.freeze
PERMISSIONS = { 'test' => { 'from' => 'mod_http_api', 'who' => { 'ip' => '198.19.0.0/16' }, 'what' => 'register' } }.freeze

def hosts
  by_mechanism = MECHANISMS.to_h { |name| ["#{name.downcase}.chat.example", only(name)] }
  { 'chat.example' => { 'auth_method' => ['internal'] } }.merge(by_mechanism)
end

modules = %w[mod_caps mod_disco mod_mam mod_offline mod_ping mod_private mod_pubsub mod_roster mod_stream_mgmt]
modules << 'mod_auth_fast' unless VERSION.start_with?('23.')

puts({
  'hosts' => hosts.keys, 'loglevel' => 'info', 'host_config' => hosts,
  'certfiles' => ['/etc/ejabberd/server.pem', '/etc/ejabberd/server.key'],
  # The second pair asks for a certificate.
  'listen' => pair(5222) + pair(5252, 'tls_verify' => true, 'cafile' => '/etc/ejabberd/ca.pem') + [API],
  'api_permissions' => PERMISSIONS,
  'c2s_protocol_options' => %w[no_sslv3 no_tlsv1 no_tlsv1_1] + [TLS == '1.2' ? 'no_tlsv1_3' : 'no_tlsv1_2'],
  'auth_password_format' => 'plain',
  'modules' => modules.to_h { |name| [name, name == 'mod_pubsub' ? { 'plugins' => %w[flat pep] } : {}] }
}.to_yaml)
