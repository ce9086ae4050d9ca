# @summary The Erlang name of a node: a name, and the host that it resolves to, as `ejabberd@chat1`
type Ejabberd::Node = Pattern[/\A[\w-]+@[\w.-]+\z/]
