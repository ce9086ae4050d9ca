# @summary The chat command, from a repository on this machine
#
# @param repository
#   Where the repository is made.
# @param source
#   The directory that the packages (chat_*.deb) are taken from.
# @param available
#   The packages that are there. Without any the command is left out.
class chat::package (
  Stdlib::Absolutepath $repository,
  Stdlib::Absolutepath $source = "${chat::state_dir}/packages",
  Array[String[1]] $available = pick($facts['chat_packages'], []),
) {
  if $available.empty {
    notice("no chat_*.deb in ${source}: the chat command is not installed on this machine")
  } else {
    contain chat::repository

    package { 'chat':
      ensure  => latest,
      require => Class['chat::repository'],
    }
  }
}
