# @summary Hiera data of this machine of a cluster: what follows from cluster.yaml, and from roles.yaml beside it
Puppet::Functions.create_function(:'chat::cluster_data') do
  # @param options `path`: cluster.yaml.
  # @param context Hiera's.
  # @return [Hash] The data of this machine's role.
  dispatch :data do
    param 'Hash', :options
    param 'Puppet::LookupContext', :context
    return_type 'Hash[String, Data]'
  end

  def data(options, context)
    path = options['path']
    cluster = read(context, path)
    machines = cluster.fetch('machines') { problem(path, 'it names no machines') }
    check(path, machines, cluster['files'])
    name = closure_scope['facts']['networking']['hostname']
    machine = machines[name] || problem(path, "it does not name this machine, #{name}")
    roles = read(context, File.join(File.dirname(path), 'roles.yaml'))
    role = roles.fetch('every').merge(roles.fetch(machine['role']), name == cluster['files'] ? roles.fetch('files') : {})
    words = { 'NAME' => name, 'ADDRESS' => machine['address'], 'DATABASE' => of(machines, 'database').keys.first }
    open = role['chat::firewall::from'].flat_map { |who, ports| of(machines, who).values.map { |each| [each['address'], ports] } }.to_h
    { 'chat::cluster::machines' => machines }.merge(fill(role, words), lists(machine['role'], name, machines, cluster['files']),
                                                   'chat::firewall::from' => open)
  end

  private

  def read(context, path)
    context.cached_file_data(path) { |text| YAML.safe_load(text) }
  end

  # What the role needs to know of the other machines.
  def lists(role, name, machines, files)
    nodes = of(machines, 'node')
    case role
    when 'database' then { 'chat::database::clients' => nodes.values.map { |node| node['address'] } }
    when 'balancer' then { 'chat::balancer::nodes' => nodes.transform_values { |node| node['address'] }, 'chat::balancer::files' => files }
    else
      { 'ejabberd::peers' => (nodes.keys - [name]).map { |peer| "ejabberd@#{peer}" },
        'ejabberd::without_modules' => ['mod_proxy65', *(%w[mod_http_upload mod_http_upload_quota] unless name == files)] }
    end
  end

  def of(machines, role)
    machines.select { |_, machine| machine['role'] == role }
  end

  def fill(value, words)
    case value
    when Hash then value.transform_values { |each| fill(each, words) }
    when Array then value.map { |each| fill(each, words) }
    when String then value.gsub(/\b(#{words.keys.join('|')})\b/) { words[Regexp.last_match(1)] }
    else value
    end
  end

  def check(path, machines, files)
    machines.each do |name, machine|
      # A short name: it is the host's in the Erlang name of a node.
      problem(path, "#{name} is not a short host name") unless name.to_s.match?(/\A[a-z][a-z0-9-]{0,30}\z/)
      problem(path, "#{name} needs a role (database, node or balancer) and an IPv4 address") unless machine?(machine)
    end
    problem(path, 'exactly one machine has to be the database') unless of(machines, 'database').size == 1
    problem(path, 'there has to be a node, and files has to name one') unless of(machines, 'node').key?(files)
  end

  def machine?(machine)
    machine.is_a?(Hash) && %w[database node balancer].include?(machine['role']) && machine['address'].to_s.match?(/\A\d{1,3}(\.\d{1,3}){3}\z/)
  end

  def problem(path, what)
    raise Puppet::DataBinding::LookupError, "#{File.basename(path)}: #{what}"
  end
end
