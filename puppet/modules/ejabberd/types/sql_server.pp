# @summary Where the database is: a name, an address, or `unix:` and the path of a socket (ejabberd 24.06 or newer)
type Ejabberd::Sql_server = Pattern[/\A(unix:\/[^\0\n]+|[a-zA-Z0-9.:-]+)\z/]
