# @summary Where the other nodes of a cluster reach this one; the port is the same on all
type Ejabberd::Distribution = Struct[{
    address => Pattern[/\A[\h.:]+\z/],
    port    => Integer[1, 65535],
}]
