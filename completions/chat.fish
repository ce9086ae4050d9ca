# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_chat_global_optspecs
    string join \n h/help V/version
end

function __fish_chat_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_chat_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_chat_using_subcommand
    set -l cmd (__fish_chat_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c chat -n "__fish_chat_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c chat -n "__fish_chat_needs_command" -s V -l version -d 'Print version'
complete -c chat -n "__fish_chat_needs_command" -f -a "send" -d 'Send a message to one or more people'
complete -c chat -n "__fish_chat_needs_command" -f -a "unread" -d 'Show the messages that nobody has read yet, on any of your devices'
complete -c chat -n "__fish_chat_needs_command" -f -a "login" -d 'Set up an account: try its password, then keep it'
complete -c chat -n "__fish_chat_needs_command" -f -a "accounts" -d 'List the accounts that are set up on this machine'
complete -c chat -n "__fish_chat_needs_command" -f -a "logout" -d 'Forget an account on this machine'
complete -c chat -n "__fish_chat_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c chat -n "__fish_chat_using_subcommand send" -s i -l input -d 'Read the message from FILE, or from standard input if FILE is -' -r -F
complete -c chat -n "__fish_chat_using_subcommand send" -s I -l id -d 'Send the message once, under this id of yours, however often the command is run (with -l: each line)' -r -f
complete -c chat -n "__fish_chat_using_subcommand send" -s r -l recipients -d 'Send to the addresses in FILE, one a line; then all operands are words of the message' -r -F
complete -c chat -n "__fish_chat_using_subcommand send" -s s -l subject -d 'Give the message a subject' -r -f
complete -c chat -n "__fish_chat_using_subcommand send" -s T -l type -d 'What the message is: a part of a conversation, a message that stands alone, or an alert for who is online' -r -f -a "chat\t''
normal\t''
headline\t''"
complete -c chat -n "__fish_chat_using_subcommand send" -s w -l wait -d 'How far the message must come: taken by the server, to a client of the recipient, or before their eyes' -r -f -a "acked\t''
received\t''
displayed\t''"
complete -c chat -n "__fish_chat_using_subcommand send" -s u -l user -d 'Use this account instead of the default one' -r -f
complete -c chat -n "__fish_chat_using_subcommand send" -s H -l host -d 'Connect to this host instead of the one that DNS names for the account; xmpps:HOST or port 5223 mean TLS from the first byte' -r -f -a "(__fish_print_hostnames)"
complete -c chat -n "__fish_chat_using_subcommand send" -s C -l ca-file -d 'Trust the certificate authorities in FILE (PEM) too' -r -F
complete -c chat -n "__fish_chat_using_subcommand send" -s t -l timeout -d 'Give up after this many seconds over all [default: 30]' -r -f
complete -c chat -n "__fish_chat_using_subcommand send" -s p -l password-file -d 'Read the password from the first line of FILE (mode 0600), or from standard input if FILE is -' -r -F
complete -c chat -n "__fish_chat_using_subcommand send" -s j -l json -d 'Write one JSON object for each message to standard output'
complete -c chat -n "__fish_chat_using_subcommand send" -s l -l lines -d 'Send each line of standard input as a message of its own'
complete -c chat -n "__fish_chat_using_subcommand send" -s n -l dry-run -d 'Send nothing: write the account, where its password is, the recipients, and the size of the message'
complete -c chat -n "__fish_chat_using_subcommand send" -s v -l verbose -d 'Say on standard error what is being done'
complete -c chat -n "__fish_chat_using_subcommand send" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c chat -n "__fish_chat_using_subcommand unread" -s n -l last -d 'Show only the last N messages of each conversation; -m then leaves those before them unread' -r -f
complete -c chat -n "__fish_chat_using_subcommand unread" -s S -l since -d 'Show only what came since DATE, such as 2026-11-24 or 2026-11-24T08:15; a first use then looks back as far' -r -f
complete -c chat -n "__fish_chat_using_subcommand unread" -s u -l user -d 'Use this account instead of the default one' -r -f
complete -c chat -n "__fish_chat_using_subcommand unread" -s H -l host -d 'Connect to this host instead of the one that DNS names for the account; xmpps:HOST or port 5223 mean TLS from the first byte' -r -f -a "(__fish_print_hostnames)"
complete -c chat -n "__fish_chat_using_subcommand unread" -s C -l ca-file -d 'Trust the certificate authorities in FILE (PEM) too' -r -F
complete -c chat -n "__fish_chat_using_subcommand unread" -s t -l timeout -d 'Give up after this many seconds over all [default: 30]' -r -f
complete -c chat -n "__fish_chat_using_subcommand unread" -s p -l password-file -d 'Read the password from the first line of FILE (mode 0600), or from standard input if FILE is -' -r -F
complete -c chat -n "__fish_chat_using_subcommand unread" -s a -l all -d 'Show reactions too, and that messages which you have read were taken back'
complete -c chat -n "__fish_chat_using_subcommand unread" -s c -l count -d 'Write one line a conversation: how many messages are unread, and whose'
complete -c chat -n "__fish_chat_using_subcommand unread" -s g -l group -d 'Write by conversation, for reading, even if no terminal shows it'
complete -c chat -n "__fish_chat_using_subcommand unread" -s j -l json -d 'Write JSON, one object a line'
complete -c chat -n "__fish_chat_using_subcommand unread" -s m -l mark -d 'Mark as read, for all your devices, what was written out'
complete -c chat -n "__fish_chat_using_subcommand unread" -s M -l mentions -d 'Of rooms show only what mentions you; implies -r'
complete -c chat -n "__fish_chat_using_subcommand unread" -s q -l quiet -d 'Write nothing; the exit status is 0 if anything is unread, and 1 if not'
complete -c chat -n "__fish_chat_using_subcommand unread" -s r -l rooms -d 'Show what is unread in your rooms, too: those that your bookmarks let your clients join'
complete -c chat -n "__fish_chat_using_subcommand unread" -s R -l only-rooms -d 'Show only what is unread in your rooms'
complete -c chat -n "__fish_chat_using_subcommand unread" -s T -l total -d 'Write only how many messages are unread in all'
complete -c chat -n "__fish_chat_using_subcommand unread" -s v -l verbose -d 'Say on standard error what is being done'
complete -c chat -n "__fish_chat_using_subcommand unread" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c chat -n "__fish_chat_using_subcommand login" -s p -l password-file -d 'Read the password from the first line of FILE, now and at each use; if FILE is -, from standard input, and store it' -r -F
complete -c chat -n "__fish_chat_using_subcommand login" -s H -l host -d 'Connect to this host instead of the one that DNS names for the account; xmpps:HOST or port 5223 mean TLS from the first byte' -r -f -a "(__fish_print_hostnames)"
complete -c chat -n "__fish_chat_using_subcommand login" -s C -l ca-file -d 'Trust the certificate authorities in FILE (PEM) too' -r -F
complete -c chat -n "__fish_chat_using_subcommand login" -s t -l timeout -d 'Give up after this many seconds over all [default: 30]' -r -f
complete -c chat -n "__fish_chat_using_subcommand login" -s v -l verbose -d 'Say on standard error what is being done'
complete -c chat -n "__fish_chat_using_subcommand login" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c chat -n "__fish_chat_using_subcommand accounts" -s v -l verbose -d 'Say where each password lives'
complete -c chat -n "__fish_chat_using_subcommand accounts" -s j -l json -d 'Write JSON, one object a line'
complete -c chat -n "__fish_chat_using_subcommand accounts" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c chat -n "__fish_chat_using_subcommand logout" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c chat -n "__fish_chat_using_subcommand help; and not __fish_seen_subcommand_from send unread login accounts logout help" -f -a "send" -d 'Send a message to one or more people'
complete -c chat -n "__fish_chat_using_subcommand help; and not __fish_seen_subcommand_from send unread login accounts logout help" -f -a "unread" -d 'Show the messages that nobody has read yet, on any of your devices'
complete -c chat -n "__fish_chat_using_subcommand help; and not __fish_seen_subcommand_from send unread login accounts logout help" -f -a "login" -d 'Set up an account: try its password, then keep it'
complete -c chat -n "__fish_chat_using_subcommand help; and not __fish_seen_subcommand_from send unread login accounts logout help" -f -a "accounts" -d 'List the accounts that are set up on this machine'
complete -c chat -n "__fish_chat_using_subcommand help; and not __fish_seen_subcommand_from send unread login accounts logout help" -f -a "logout" -d 'Forget an account on this machine'
complete -c chat -n "__fish_chat_using_subcommand help; and not __fish_seen_subcommand_from send unread login accounts logout help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
