# @summary An address, or a network as `192.168.56.0/24`
type Chat::Network = Pattern[/\A(\d{1,3}(\.\d{1,3}){3}(\/\d{1,2})?|[\h:]*:[\h:]+(\/\d{1,3})?)\z/]
