
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'chat' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'chat'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'chat' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('send', 'send', [CompletionResultType]::ParameterValue, 'Send a message to one or more people')
            [CompletionResult]::new('unread', 'unread', [CompletionResultType]::ParameterValue, 'Show the messages that nobody has read yet, on any of your devices')
            [CompletionResult]::new('flush', 'flush', [CompletionResultType]::ParameterValue, 'Send the messages that “chat send -Q” has queued')
            [CompletionResult]::new('queue', 'queue', [CompletionResultType]::ParameterValue, 'Show or drop the messages that “chat send -Q” has queued')
            [CompletionResult]::new('login', 'login', [CompletionResultType]::ParameterValue, 'Set up an account: try its password, then keep it')
            [CompletionResult]::new('accounts', 'accounts', [CompletionResultType]::ParameterValue, 'List the accounts that are set up on this machine')
            [CompletionResult]::new('logout', 'logout', [CompletionResultType]::ParameterValue, 'Forget an account on this machine')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Explain a command or a topic')
            [CompletionResult]::new('complete', 'complete', [CompletionResultType]::ParameterValue, 'Answer the shell that completes a line')
            break
        }
        'chat;send' {
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'React to the message with this id: the words are emoji, which take the place of earlier ones')
            [CompletionResult]::new('--react', '--react', [CompletionResultType]::ParameterName, 'React to the message with this id: the words are emoji, which take the place of earlier ones')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Correct your message with this id: these are its words now')
            [CompletionResult]::new('--correct', '--correct', [CompletionResultType]::ParameterName, 'Correct your message with this id: these are its words now')
            [CompletionResult]::new('-f', '-f', [CompletionResultType]::ParameterName, 'Send FILE, a regular file, in a message of its own before the words; may be given more than once')
            [CompletionResult]::new('--file', '--file', [CompletionResultType]::ParameterName, 'Send FILE, a regular file, in a message of its own before the words; may be given more than once')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Read the message from FILE, or from standard input if FILE is -')
            [CompletionResult]::new('--input', '--input', [CompletionResultType]::ParameterName, 'Read the message from FILE, or from standard input if FILE is -')
            [CompletionResult]::new('-I', '-I ', [CompletionResultType]::ParameterName, 'Send the message once, under this id of yours, however often the command is run (with -l: each line)')
            [CompletionResult]::new('--id', '--id', [CompletionResultType]::ParameterName, 'Send the message once, under this id of yours, however often the command is run (with -l: each line)')
            [CompletionResult]::new('-N', '-N ', [CompletionResultType]::ParameterName, 'The name in the rooms; without it, that of the account before the @')
            [CompletionResult]::new('--nick', '--nick', [CompletionResultType]::ParameterName, 'The name in the rooms; without it, that of the account before the @')
            [CompletionResult]::new('-P', '-P ', [CompletionResultType]::ParameterName, 'Read the password of the rooms from the first line of FILE (mode 0600)')
            [CompletionResult]::new('--room-password', '--room-password', [CompletionResultType]::ParameterName, 'Read the password of the rooms from the first line of FILE (mode 0600)')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Send to the addresses in FILE, or on standard input if FILE is -, one a line; then all operands are words of the message')
            [CompletionResult]::new('--recipients', '--recipients', [CompletionResultType]::ParameterName, 'Send to the addresses in FILE, or on standard input if FILE is -, one a line; then all operands are words of the message')
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Reply to the message with this id')
            [CompletionResult]::new('--reply', '--reply', [CompletionResultType]::ParameterName, 'Reply to the message with this id')
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'Give the message a subject')
            [CompletionResult]::new('--subject', '--subject', [CompletionResultType]::ParameterName, 'Give the message a subject')
            [CompletionResult]::new('-T', '-T ', [CompletionResultType]::ParameterName, 'What the message is: a part of a conversation, a message that stands alone, or an alert for who is online')
            [CompletionResult]::new('--type', '--type', [CompletionResultType]::ParameterName, 'What the message is: a part of a conversation, a message that stands alone, or an alert for who is online')
            [CompletionResult]::new('-w', '-w', [CompletionResultType]::ParameterName, 'How far the message must come: taken by the server, to a client of the recipient, or before their eyes')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'How far the message must come: taken by the server, to a client of the recipient, or before their eyes')
            [CompletionResult]::new('-x', '-x', [CompletionResultType]::ParameterName, 'Take your message with this id back; there are no words')
            [CompletionResult]::new('--retract', '--retract', [CompletionResultType]::ParameterName, 'Take your message with this id back; there are no words')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'Use this account instead of the default one; a domain alone is a login without an account, where its server allows that')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Use this account instead of the default one; a domain alone is a login without an account, where its server allows that')
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'Connect to this host instead of the one that DNS names for the account; xmpps:HOST or port 5223 mean TLS from the first byte')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Connect to this host instead of the one that DNS names for the account; xmpps:HOST or port 5223 mean TLS from the first byte')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Trust the certificate authorities in FILE (PEM) too')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Trust the certificate authorities in FILE (PEM) too')
            [CompletionResult]::new('-K', '-K ', [CompletionResultType]::ParameterName, 'Prove the account by the client certificate in FILE instead of a password: PEM, with its key, mode 0600')
            [CompletionResult]::new('--certificate', '--certificate', [CompletionResultType]::ParameterName, 'Prove the account by the client certificate in FILE instead of a password: PEM, with its key, mode 0600')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after this many seconds over all [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after this many seconds over all [default: 30]')
            [CompletionResult]::new('-X', '-X ', [CompletionResultType]::ParameterName, 'Connect through this proxy: socks5://[USER@]HOST:PORT or http://[USER@]HOST:PORT; it resolves the names, too')
            [CompletionResult]::new('--proxy', '--proxy', [CompletionResultType]::ParameterName, 'Connect through this proxy: socks5://[USER@]HOST:PORT or http://[USER@]HOST:PORT; it resolves the names, too')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Read the password from the first line of FILE (mode 0600), or from standard input if FILE is -')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'Read the password from the first line of FILE (mode 0600), or from standard input if FILE is -')
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'Write the message in your editor: $VISUAL, $EDITOR or vi; an empty text sends nothing')
            [CompletionResult]::new('--edit', '--edit', [CompletionResultType]::ParameterName, 'Write the message in your editor: $VISUAL, $EDITOR or vi; an empty text sends nothing')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Write one JSON object for each message to standard output')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write one JSON object for each message to standard output')
            [CompletionResult]::new('-l', '-l', [CompletionResultType]::ParameterName, 'Send each line of standard input as a message of its own')
            [CompletionResult]::new('--lines', '--lines', [CompletionResultType]::ParameterName, 'Send each line of standard input as a message of its own')
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'The recipients are rooms (ROOM), or people in rooms (ROOM/NAME), which are entered for the time of the command')
            [CompletionResult]::new('--room', '--room', [CompletionResultType]::ParameterName, 'The recipients are rooms (ROOM), or people in rooms (ROOM/NAME), which are entered for the time of the command')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Send nothing, connect to nobody: check what can be checked so, and write what would be sent, to whom, and how')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Send nothing, connect to nobody: check what can be checked so, and write what would be sent, to whom, and how')
            [CompletionResult]::new('-Q', '-Q ', [CompletionResultType]::ParameterName, 'Queue the message where it cannot be sent now, for “chat flush” to send it; the status is then 0, too')
            [CompletionResult]::new('--queue', '--queue', [CompletionResultType]::ParameterName, 'Queue the message where it cannot be sent now, for “chat flush” to send it; the status is then 0, too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on standard error what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on standard error what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'chat;unread' {
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Show only the last N messages of each conversation; -m then leaves those before them unread')
            [CompletionResult]::new('--last', '--last', [CompletionResultType]::ParameterName, 'Show only the last N messages of each conversation; -m then leaves those before them unread')
            [CompletionResult]::new('-S', '-S ', [CompletionResultType]::ParameterName, 'Show only what came since DATE, such as 2026-11-24 or 2026-11-24T08:15; a first use then looks back as far')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Show only what came since DATE, such as 2026-11-24 or 2026-11-24T08:15; a first use then looks back as far')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'Use this account instead of the default one; a domain alone is a login without an account, where its server allows that')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Use this account instead of the default one; a domain alone is a login without an account, where its server allows that')
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'Connect to this host instead of the one that DNS names for the account; xmpps:HOST or port 5223 mean TLS from the first byte')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Connect to this host instead of the one that DNS names for the account; xmpps:HOST or port 5223 mean TLS from the first byte')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Trust the certificate authorities in FILE (PEM) too')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Trust the certificate authorities in FILE (PEM) too')
            [CompletionResult]::new('-K', '-K ', [CompletionResultType]::ParameterName, 'Prove the account by the client certificate in FILE instead of a password: PEM, with its key, mode 0600')
            [CompletionResult]::new('--certificate', '--certificate', [CompletionResultType]::ParameterName, 'Prove the account by the client certificate in FILE instead of a password: PEM, with its key, mode 0600')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after this many seconds over all [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after this many seconds over all [default: 30]')
            [CompletionResult]::new('-X', '-X ', [CompletionResultType]::ParameterName, 'Connect through this proxy: socks5://[USER@]HOST:PORT or http://[USER@]HOST:PORT; it resolves the names, too')
            [CompletionResult]::new('--proxy', '--proxy', [CompletionResultType]::ParameterName, 'Connect through this proxy: socks5://[USER@]HOST:PORT or http://[USER@]HOST:PORT; it resolves the names, too')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Read the password from the first line of FILE (mode 0600), or from standard input if FILE is -')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'Read the password from the first line of FILE (mode 0600), or from standard input if FILE is -')
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'Show reactions too, and that messages which you have read were taken back')
            [CompletionResult]::new('--all', '--all', [CompletionResultType]::ParameterName, 'Show reactions too, and that messages which you have read were taken back')
            [CompletionResult]::new('-c', '-c', [CompletionResultType]::ParameterName, 'Write one line a conversation: how many messages are unread, and whose')
            [CompletionResult]::new('--count', '--count', [CompletionResultType]::ParameterName, 'Write one line a conversation: how many messages are unread, and whose')
            [CompletionResult]::new('-g', '-g', [CompletionResultType]::ParameterName, 'Write by conversation, for reading, even if no terminal shows it')
            [CompletionResult]::new('--group', '--group', [CompletionResultType]::ParameterName, 'Write by conversation, for reading, even if no terminal shows it')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Write JSON, one object a line')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON, one object a line')
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'Mark as read, for all your devices, what was written out')
            [CompletionResult]::new('--mark', '--mark', [CompletionResultType]::ParameterName, 'Mark as read, for all your devices, what was written out')
            [CompletionResult]::new('-M', '-M ', [CompletionResultType]::ParameterName, 'Of rooms show only what mentions you, and do not count the rest')
            [CompletionResult]::new('--mentions', '--mentions', [CompletionResultType]::ParameterName, 'Of rooms show only what mentions you, and do not count the rest')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Write nothing; the exit status is 0 if anything for you is unread, and 1 if not')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Write nothing; the exit status is 0 if anything for you is unread, and 1 if not')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Show all that is unread in your rooms, not only what mentions you')
            [CompletionResult]::new('--rooms', '--rooms', [CompletionResultType]::ParameterName, 'Show all that is unread in your rooms, not only what mentions you')
            [CompletionResult]::new('-R', '-R ', [CompletionResultType]::ParameterName, 'Show only what is unread in your rooms, all of it')
            [CompletionResult]::new('--only-rooms', '--only-rooms', [CompletionResultType]::ParameterName, 'Show only what is unread in your rooms, all of it')
            [CompletionResult]::new('-T', '-T ', [CompletionResultType]::ParameterName, 'Write only how many messages for you are unread in all')
            [CompletionResult]::new('--total', '--total', [CompletionResultType]::ParameterName, 'Write only how many messages for you are unread in all')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on standard error what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on standard error what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'chat;flush' {
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'Use this account instead of the default one; a domain alone is a login without an account, where its server allows that')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Use this account instead of the default one; a domain alone is a login without an account, where its server allows that')
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'Connect to this host instead of the one that DNS names for the account; xmpps:HOST or port 5223 mean TLS from the first byte')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Connect to this host instead of the one that DNS names for the account; xmpps:HOST or port 5223 mean TLS from the first byte')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Trust the certificate authorities in FILE (PEM) too')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Trust the certificate authorities in FILE (PEM) too')
            [CompletionResult]::new('-K', '-K ', [CompletionResultType]::ParameterName, 'Prove the account by the client certificate in FILE instead of a password: PEM, with its key, mode 0600')
            [CompletionResult]::new('--certificate', '--certificate', [CompletionResultType]::ParameterName, 'Prove the account by the client certificate in FILE instead of a password: PEM, with its key, mode 0600')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after this many seconds over all [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after this many seconds over all [default: 30]')
            [CompletionResult]::new('-X', '-X ', [CompletionResultType]::ParameterName, 'Connect through this proxy: socks5://[USER@]HOST:PORT or http://[USER@]HOST:PORT; it resolves the names, too')
            [CompletionResult]::new('--proxy', '--proxy', [CompletionResultType]::ParameterName, 'Connect through this proxy: socks5://[USER@]HOST:PORT or http://[USER@]HOST:PORT; it resolves the names, too')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Read the password from the first line of FILE (mode 0600), or from standard input if FILE is -')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'Read the password from the first line of FILE (mode 0600), or from standard input if FILE is -')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Write one JSON object for each message to standard output')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write one JSON object for each message to standard output')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on standard error what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on standard error what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'chat;queue' {
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'Use this account instead of the default one')
            [CompletionResult]::new('--user', '--user', [CompletionResultType]::ParameterName, 'Use this account instead of the default one')
            [CompletionResult]::new('-d', '-d', [CompletionResultType]::ParameterName, 'Drop the messages with these ids')
            [CompletionResult]::new('--drop', '--drop', [CompletionResultType]::ParameterName, 'Drop the messages with these ids')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Write one JSON object for each message')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write one JSON object for each message')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Let the messages with these ids be sent once more: those that failed, and without a look into the archive those of which nobody knows whether they were sent')
            [CompletionResult]::new('--retry', '--retry', [CompletionResultType]::ParameterName, 'Let the messages with these ids be sent once more: those that failed, and without a look into the archive those of which nobody knows whether they were sent')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'chat;login' {
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Take account, server and password from FILE, the configuration of chat, sendxmpp or go-sendxmpp')
            [CompletionResult]::new('--import', '--import', [CompletionResultType]::ParameterName, 'Take account, server and password from FILE, the configuration of chat, sendxmpp or go-sendxmpp')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Read the password from the first line of FILE, now and at each use; if FILE is -, from standard input, and store it')
            [CompletionResult]::new('--password-file', '--password-file', [CompletionResultType]::ParameterName, 'Read the password from the first line of FILE, now and at each use; if FILE is -, from standard input, and store it')
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'Connect to this host instead of the one that DNS names for the account; xmpps:HOST or port 5223 mean TLS from the first byte')
            [CompletionResult]::new('--host', '--host', [CompletionResultType]::ParameterName, 'Connect to this host instead of the one that DNS names for the account; xmpps:HOST or port 5223 mean TLS from the first byte')
            [CompletionResult]::new('-C', '-C ', [CompletionResultType]::ParameterName, 'Trust the certificate authorities in FILE (PEM) too')
            [CompletionResult]::new('--ca-file', '--ca-file', [CompletionResultType]::ParameterName, 'Trust the certificate authorities in FILE (PEM) too')
            [CompletionResult]::new('-K', '-K ', [CompletionResultType]::ParameterName, 'Prove the account by the client certificate in FILE instead of a password: PEM, with its key, mode 0600')
            [CompletionResult]::new('--certificate', '--certificate', [CompletionResultType]::ParameterName, 'Prove the account by the client certificate in FILE instead of a password: PEM, with its key, mode 0600')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Give up after this many seconds over all [default: 30]')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Give up after this many seconds over all [default: 30]')
            [CompletionResult]::new('-X', '-X ', [CompletionResultType]::ParameterName, 'Connect through this proxy: socks5://[USER@]HOST:PORT or http://[USER@]HOST:PORT; it resolves the names, too')
            [CompletionResult]::new('--proxy', '--proxy', [CompletionResultType]::ParameterName, 'Connect through this proxy: socks5://[USER@]HOST:PORT or http://[USER@]HOST:PORT; it resolves the names, too')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say on standard error what is being done')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say on standard error what is being done')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'chat;accounts' {
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say where each password lives')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say where each password lives')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Write JSON, one object a line')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Write JSON, one object a line')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'chat;logout' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'chat;help' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            break
        }
        'chat;complete' {
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help')
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
