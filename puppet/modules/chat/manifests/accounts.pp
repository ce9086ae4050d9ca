# @summary The accounts of the people, and of the programs, of this server
#
# @param names
#   The accounts; those of another domain than `chat::domain` (`ejabberd::vhosts`) with `@` and their domain.
# @param passwords
#   The password of each. `puppet/bin/prepare` makes those that are missing.
class chat::accounts (
  Array[Pattern[/\A[a-z0-9][a-z0-9._-]*(@[a-z0-9.-]+)?\z/]] $names,
  Sensitive[Hash[String[1], String[1]]] $passwords,
) {
  $names.each |$name| {
    unless $name in $passwords.unwrap {
      fail("the account ${name} has no password yet: run puppet/bin/prepare")
    }
    $port = $ejabberd::distribution ? { undef => {}, default => { 'port' => $ejabberd::distribution['port'] } }
    $jid = $name ? { /@/ => $name, default => "${name}@${chat::domain}" }
    ejabberd_account { $jid:
      ensure   => present,
      password => Sensitive($passwords.unwrap[$name]),
      *        => { 'node' => $ejabberd::node } + $port,
    }
  }
}
