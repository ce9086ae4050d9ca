# @summary An absolute path
type Ejabberd::Path = Pattern[/\A(\/[^\/\0\n]+)+\z/]
