# @summary Hashes merged into one, deeply; of two values the later one counts
Puppet::Functions.create_function(:'ejabberd::merge') do
  # @param hashes What to merge.
  # @return [Hash] The merged hash.
  dispatch :merge do
    repeated_param 'Hash', :hashes
    return_type 'Hash'
  end

  def merge(*hashes)
    hashes.reduce({}) { |merged, hash| merge_two(merged, hash) }
  end

  def merge_two(one, other)
    one.merge(other) { |_, old, new| old.is_a?(Hash) && new.is_a?(Hash) ? merge_two(old, new) : new }
  end
end
