# frozen_string_literal: true

require 'fileutils'
require 'yaml'

# What one machine gets of this checkout: the Puppet code and its data, and of passwords and certificates what its role in
# cluster.yaml needs (`secrets` in puppet/data/roles.yaml). Without a cluster one machine is all, and gets all.
#
# The key of the certificate authority is for no machine.
class HandOver
  # What stops the run: a sentence for the user.
  class Problem < StandardError; end

  CODE = %w[environment.conf hiera.yaml manifests modules].freeze
  # Of puppet/data: what is said below, machine by machine.
  CHOSEN = %w[secrets.yaml nodes cluster.yaml].freeze
  SPEAK_TLS = %w[all node].freeze

  # cluster: the path of cluster.yaml, if there is one.
  def initialize(root, cluster: nil)
    @puppet = File.join(root, 'puppet')
    @pki = File.join(root, 'pki/server')
    @cluster = cluster
  end

  # Writes puppet/ and, where TLS is spoken, pki/ into the folder; an earlier hand-over there is replaced.
  def write(name, folder)
    roles = roles_of(name)
    FileUtils.mkdir_p(folder, mode: 0o700)
    FileUtils.rm_rf(%w[puppet pki].map { |part| File.join(folder, part) })
    copy(CODE.map { |part| File.join(@puppet, part) }, File.join(folder, 'puppet'))
    copy(data_files, data = File.join(folder, 'puppet/data'))
    FileUtils.cp(@cluster, File.join(data, 'cluster.yaml')) if @cluster
    copy(Dir["#{@puppet}/data/nodes/#{name}.yaml"], File.join(data, 'nodes'))
    write_secrets(File.join(data, 'secrets.yaml'), secrets_of(roles))
    copy(Dir["#{@pki}/*"], File.join(folder, 'pki')) if roles.intersect?(SPEAK_TLS)
  end

  private

  # Not what an editor, or a run that broke off, has left beside secrets.yaml.
  def data_files
    files = Dir["#{@puppet}/data/*"].select { |path| File.directory?(path) || path.end_with?('.yaml') }
    files.reject { |path| CHOSEN.include?(File.basename(path)) }
  end

  def copy(paths, folder)
    FileUtils.mkdir_p(folder, mode: 0o700)
    FileUtils.cp_r(paths, folder, preserve: true)
  end

  # The node that keeps the files has one more.
  def roles_of(name)
    return ['all'] unless @cluster

    cluster = YAML.load_file(@cluster)
    role = cluster.dig('machines', name, 'role')
    raise Problem, "#{File.basename(@cluster)} does not name the machine #{name}, or not its role" unless secrets_by_role.key?(role)

    [role, *('files' if cluster['files'] == name)]
  end

  def secrets_by_role
    YAML.load_file(File.join(@puppet, 'data/roles.yaml')).fetch('secrets')
  end

  def secrets_of(roles)
    path = File.join(@puppet, 'data/secrets.yaml')
    all = File.exist?(path) ? YAML.load_file(path) : {}
    return all if roles == ['all']

    roles.flat_map { |role| secrets_by_role.fetch(role) }.map { |key| pick(all, key) }.reduce({}) { |some, more| deep(some, more) }
  end

  # As Hiera would: `name.part` is one entry of the hash `name`.
  def pick(all, key)
    name, part = key.split('.', 2)
    return {} unless all.key?(name)
    return all.slice(name) unless part

    { name => all[name].slice(part) }
  end

  def deep(some, more)
    some.merge(more) { |_, one, other| one.is_a?(Hash) ? one.merge(other) : other }
  end

  def write_secrets(path, secrets)
    File.write(path, secrets.to_yaml, perm: 0o600) unless secrets.empty?
  end
end
