require 'json'

# @summary The YAML of a value
#
# stdlib's own has another name in each of its versions that we meet.
Puppet::Functions.create_function(:'ejabberd::to_yaml') do
  # @param value What to write.
  # @return [String] It, as a YAML document.
  dispatch :to_yaml do
    param 'Data', :value
    return_type 'String'
  end

  def to_yaml(value)
    # A copy in which nothing is shared: ejabberd does not know YAML's aliases.
    JSON.parse(JSON.generate(value)).to_yaml
  end
end
