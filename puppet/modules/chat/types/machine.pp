# @summary A machine of a cluster
type Chat::Machine = Struct[{
    role    => Enum['database', 'node', 'balancer'],
    # Its address on the private network of the cluster.
    address => Pattern[/\A\d{1,3}(\.\d{1,3}){3}\z/],
}]
