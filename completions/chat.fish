# Tab completion of chat for fish: chat itself answers.

function __chat_complete
    set -l words (commandline -opc)
    set -l typed (commandline -ct)
    for line in (command chat complete -- $words[2..-1] (string replace -r '^["\']' '' -- "$typed") 2>/dev/null </dev/null)
        if string match -q ':files*' -- $line
            set -l start (string replace -r '^:files\t' '' -- $line)
            string replace -r '^' -- "$start" (complete -C "'' "(string replace -- "$start" '' "$typed"))
        else
            echo $line
        end
    end
end

complete -c chat -f -a '(__chat_complete)'
