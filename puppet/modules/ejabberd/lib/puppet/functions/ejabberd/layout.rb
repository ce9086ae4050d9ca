# @summary Where the package of a source keeps things, with its version filled in
Puppet::Functions.create_function(:'ejabberd::layout') do
  # @param layouts The layouts by source, with VERSION for the version.
  # @param source The source of the package.
  # @param version The version, when it is not the layout's own.
  # @return [Ejabberd::Layout] The layout.
  dispatch :layout do
    param 'Hash', :layouts
    param 'String', :source
    param 'Optional[String]', :version
    return_type 'Ejabberd::Layout'
  end

  def layout(layouts, source, version)
    layout = layouts.fetch(source) { raise Puppet::ParseError, "ejabberd::layouts does not know the source #{source}" }
    chosen = version || layout['version']
    raise Puppet::ParseError, "no package of ejabberd is known here whose source is #{source}" unless chosen

    fill(layout.merge('version' => chosen), chosen)
  end

  def fill(value, version)
    case value
    when Hash then value.transform_values { |each| fill(each, version) }
    when Array then value.map { |each| fill(each, version) }
    when String then value.gsub('VERSION', version)
    else value
    end
  end
end
