
use builtin;
use str;

set edit:completion:arg-completer[chat] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'chat'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'chat'= {
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand send 'Send a message to one or more people'
            cand unread 'Show the messages that nobody has read yet, on any of your devices'
            cand flush 'Send the messages that “chat send -Q” has queued'
            cand queue 'Show or drop the messages that “chat send -Q” has queued'
            cand login 'Set up an account: try its password, then keep it'
            cand accounts 'List the accounts that are set up on this machine'
            cand logout 'Forget an account on this machine'
            cand help 'Explain a command or a topic'
            cand complete 'Answer the shell that completes a line'
        }
        &'chat;send'= {
            cand -a 'React to the message with this id: the words are emoji, which take the place of earlier ones'
            cand --react 'React to the message with this id: the words are emoji, which take the place of earlier ones'
            cand -c 'Correct your message with this id: these are its words now'
            cand --correct 'Correct your message with this id: these are its words now'
            cand -f 'Send FILE, in a message of its own before the words; may be given more than once'
            cand --file 'Send FILE, in a message of its own before the words; may be given more than once'
            cand -i 'Read the message from FILE, or from standard input if FILE is -'
            cand --input 'Read the message from FILE, or from standard input if FILE is -'
            cand -I 'Send the message once, under this id of yours, however often the command is run (with -l: each line)'
            cand --id 'Send the message once, under this id of yours, however often the command is run (with -l: each line)'
            cand -N 'The name in the rooms; without it, that of the account before the @'
            cand --nick 'The name in the rooms; without it, that of the account before the @'
            cand -P 'Read the password of the rooms from the first line of FILE (mode 0600)'
            cand --room-password 'Read the password of the rooms from the first line of FILE (mode 0600)'
            cand -r 'Send to the addresses in FILE, one a line; then all operands are words of the message'
            cand --recipients 'Send to the addresses in FILE, one a line; then all operands are words of the message'
            cand -R 'Reply to the message with this id'
            cand --reply 'Reply to the message with this id'
            cand -s 'Give the message a subject'
            cand --subject 'Give the message a subject'
            cand -T 'What the message is: a part of a conversation, a message that stands alone, or an alert for who is online'
            cand --type 'What the message is: a part of a conversation, a message that stands alone, or an alert for who is online'
            cand -w 'How far the message must come: taken by the server, to a client of the recipient, or before their eyes'
            cand --wait 'How far the message must come: taken by the server, to a client of the recipient, or before their eyes'
            cand -x 'Take your message with this id back; there are no words'
            cand --retract 'Take your message with this id back; there are no words'
            cand -u 'Use this account instead of the default one'
            cand --user 'Use this account instead of the default one'
            cand -H 'Connect to this host instead of the one that DNS names for the account; xmpps:HOST or port 5223 mean TLS from the first byte'
            cand --host 'Connect to this host instead of the one that DNS names for the account; xmpps:HOST or port 5223 mean TLS from the first byte'
            cand -C 'Trust the certificate authorities in FILE (PEM) too'
            cand --ca-file 'Trust the certificate authorities in FILE (PEM) too'
            cand -t 'Give up after this many seconds over all [default: 30]'
            cand --timeout 'Give up after this many seconds over all [default: 30]'
            cand -p 'Read the password from the first line of FILE (mode 0600), or from standard input if FILE is -'
            cand --password-file 'Read the password from the first line of FILE (mode 0600), or from standard input if FILE is -'
            cand -e 'Write the message in your editor: $VISUAL, $EDITOR or vi; an empty text sends nothing'
            cand --edit 'Write the message in your editor: $VISUAL, $EDITOR or vi; an empty text sends nothing'
            cand -j 'Write one JSON object for each message to standard output'
            cand --json 'Write one JSON object for each message to standard output'
            cand -l 'Send each line of standard input as a message of its own'
            cand --lines 'Send each line of standard input as a message of its own'
            cand -m 'The recipients are rooms (ROOM), or people in rooms (ROOM/NAME), which are entered for the time of the command'
            cand --room 'The recipients are rooms (ROOM), or people in rooms (ROOM/NAME), which are entered for the time of the command'
            cand -n 'Send nothing: write the account, where its password is, the recipients, and the size of the message'
            cand --dry-run 'Send nothing: write the account, where its password is, the recipients, and the size of the message'
            cand -Q 'Queue the message where it cannot be sent now, for “chat flush” to send it; the status is then 0, too'
            cand --queue 'Queue the message where it cannot be sent now, for “chat flush” to send it; the status is then 0, too'
            cand -v 'Say on standard error what is being done'
            cand --verbose 'Say on standard error what is being done'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'chat;unread'= {
            cand -n 'Show only the last N messages of each conversation; -m then leaves those before them unread'
            cand --last 'Show only the last N messages of each conversation; -m then leaves those before them unread'
            cand -S 'Show only what came since DATE, such as 2026-11-24 or 2026-11-24T08:15; a first use then looks back as far'
            cand --since 'Show only what came since DATE, such as 2026-11-24 or 2026-11-24T08:15; a first use then looks back as far'
            cand -u 'Use this account instead of the default one'
            cand --user 'Use this account instead of the default one'
            cand -H 'Connect to this host instead of the one that DNS names for the account; xmpps:HOST or port 5223 mean TLS from the first byte'
            cand --host 'Connect to this host instead of the one that DNS names for the account; xmpps:HOST or port 5223 mean TLS from the first byte'
            cand -C 'Trust the certificate authorities in FILE (PEM) too'
            cand --ca-file 'Trust the certificate authorities in FILE (PEM) too'
            cand -t 'Give up after this many seconds over all [default: 30]'
            cand --timeout 'Give up after this many seconds over all [default: 30]'
            cand -p 'Read the password from the first line of FILE (mode 0600), or from standard input if FILE is -'
            cand --password-file 'Read the password from the first line of FILE (mode 0600), or from standard input if FILE is -'
            cand -a 'Show reactions too, and that messages which you have read were taken back'
            cand --all 'Show reactions too, and that messages which you have read were taken back'
            cand -c 'Write one line a conversation: how many messages are unread, and whose'
            cand --count 'Write one line a conversation: how many messages are unread, and whose'
            cand -g 'Write by conversation, for reading, even if no terminal shows it'
            cand --group 'Write by conversation, for reading, even if no terminal shows it'
            cand -j 'Write JSON, one object a line'
            cand --json 'Write JSON, one object a line'
            cand -m 'Mark as read, for all your devices, what was written out'
            cand --mark 'Mark as read, for all your devices, what was written out'
            cand -M 'Of rooms show only what mentions you, and do not count the rest'
            cand --mentions 'Of rooms show only what mentions you, and do not count the rest'
            cand -q 'Write nothing; the exit status is 0 if anything for you is unread, and 1 if not'
            cand --quiet 'Write nothing; the exit status is 0 if anything for you is unread, and 1 if not'
            cand -r 'Show all that is unread in your rooms, not only what mentions you'
            cand --rooms 'Show all that is unread in your rooms, not only what mentions you'
            cand -R 'Show only what is unread in your rooms, all of it'
            cand --only-rooms 'Show only what is unread in your rooms, all of it'
            cand -T 'Write only how many messages for you are unread in all'
            cand --total 'Write only how many messages for you are unread in all'
            cand -v 'Say on standard error what is being done'
            cand --verbose 'Say on standard error what is being done'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'chat;flush'= {
            cand -u 'Use this account instead of the default one'
            cand --user 'Use this account instead of the default one'
            cand -H 'Connect to this host instead of the one that DNS names for the account; xmpps:HOST or port 5223 mean TLS from the first byte'
            cand --host 'Connect to this host instead of the one that DNS names for the account; xmpps:HOST or port 5223 mean TLS from the first byte'
            cand -C 'Trust the certificate authorities in FILE (PEM) too'
            cand --ca-file 'Trust the certificate authorities in FILE (PEM) too'
            cand -t 'Give up after this many seconds over all [default: 30]'
            cand --timeout 'Give up after this many seconds over all [default: 30]'
            cand -p 'Read the password from the first line of FILE (mode 0600), or from standard input if FILE is -'
            cand --password-file 'Read the password from the first line of FILE (mode 0600), or from standard input if FILE is -'
            cand -j 'Write one JSON object for each message to standard output'
            cand --json 'Write one JSON object for each message to standard output'
            cand -v 'Say on standard error what is being done'
            cand --verbose 'Say on standard error what is being done'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'chat;queue'= {
            cand -u 'Use this account instead of the default one'
            cand --user 'Use this account instead of the default one'
            cand -d 'Drop the messages with these ids'
            cand --drop 'Drop the messages with these ids'
            cand -j 'Write one JSON object for each message'
            cand --json 'Write one JSON object for each message'
            cand -r 'Let the messages with these ids, which failed, be tried once more'
            cand --retry 'Let the messages with these ids, which failed, be tried once more'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'chat;login'= {
            cand -i 'Take account, server and password from FILE, the configuration of sendxmpp or go-sendxmpp'
            cand --import 'Take account, server and password from FILE, the configuration of sendxmpp or go-sendxmpp'
            cand -p 'Read the password from the first line of FILE, now and at each use; if FILE is -, from standard input, and store it'
            cand --password-file 'Read the password from the first line of FILE, now and at each use; if FILE is -, from standard input, and store it'
            cand -H 'Connect to this host instead of the one that DNS names for the account; xmpps:HOST or port 5223 mean TLS from the first byte'
            cand --host 'Connect to this host instead of the one that DNS names for the account; xmpps:HOST or port 5223 mean TLS from the first byte'
            cand -C 'Trust the certificate authorities in FILE (PEM) too'
            cand --ca-file 'Trust the certificate authorities in FILE (PEM) too'
            cand -t 'Give up after this many seconds over all [default: 30]'
            cand --timeout 'Give up after this many seconds over all [default: 30]'
            cand -v 'Say on standard error what is being done'
            cand --verbose 'Say on standard error what is being done'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'chat;accounts'= {
            cand -v 'Say where each password lives'
            cand --verbose 'Say where each password lives'
            cand -j 'Write JSON, one object a line'
            cand --json 'Write JSON, one object a line'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'chat;logout'= {
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'chat;help'= {
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'chat;complete'= {
            cand -h 'Print help'
            cand --help 'Print help'
        }
    ]
    $completions[$command]
}
