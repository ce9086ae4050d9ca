# @summary A port, or a range of ports as `49152-49407`
type Chat::Port = Variant[Integer[1, 65535], Pattern[/\A[1-9]\d{0,4}-[1-9]\d{0,4}\z/]]
