# @summary The configuration for one version of ejabberd
#
# @param version
#   The version that the configuration is for.
# @param config
#   What every version knows.
# @param before
#   By version: what only older ones know.
# @param since
#   By version: what it and newer ones know.
# @return [Hash] All that applies, merged deeply, the newest last.
function ejabberd::config_for(String[1] $version, Hash $config, Hash[String[1], Hash] $before, Hash[String[1], Hash] $since) >> Hash {
  $older = $before.filter |$limit, $_settings| { versioncmp($version, $limit) < 0 }
  $newer = $since.filter |$start, $_settings| { versioncmp($version, $start) >= 0 }
  $ordered = $newer.keys.sort |$one, $other| { versioncmp($one, $other) }.map |$start| { $newer[$start] }
  ejabberd::merge($config, *$older.values, *$ordered)
}
