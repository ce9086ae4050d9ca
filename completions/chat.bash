# Tab completion of chat for bash 4.3 and later, with bash-completion (2.1 and later) or without: chat itself answers.

# bash splits words at = : @, with or without bash-completion; the line is put together again from its spaces,
# and its quotes are left out: no address has any.
_chat_words() {
    local rest=${COMP_LINE:0:COMP_POINT} part index quotes='["'\''\\]'
    words=() part_typed=
    for ((index = 0; index <= COMP_CWORD; index++)); do
        part=${COMP_WORDS[index]}
        if [[ $index = 0 || $rest = [[:space:]]* ]]; then
            rest=${rest#"${rest%%[![:space:]]*}"}
            words+=('')
        fi
        [[ $index != "$COMP_CWORD" ]] || part=$rest
        words[${#words[@]} - 1]+=$part
        rest=${rest#"$part"}
        part_typed=$part
    done
    # What bash replaces: all behind a quote; else never a = or : that it split at, but an @, with what follows it.
    if [[ $part_typed != [\"\']* ]]; then
        [[ $part_typed = *[!=:]* ]] || part_typed=
        part=${words[${#words[@]} - 1]}
        [[ ${part%"$part_typed"} != *@ ]] || part_typed=@$part_typed
    fi
    part_typed=${part_typed//$quotes/}
    words=("${words[@]//$quotes/}")
}

_chat() {
    local words part_typed line typed before
    _chat_words
    typed=${words[${#words[@]} - 1]}
    before=${typed%"$part_typed"}
    COMPREPLY=()
    while IFS= read -r line; do
        if [[ $line = :files* ]]; then
            before=${line#:files?}
            compopt -o filenames 2>/dev/null
            mapfile -t COMPREPLY < <(compgen -f -- "${typed#"$before"}")
        else
            line=${line%%$'\t'*}
            COMPREPLY+=("${line#"$before"}")
        fi
    done < <("$1" complete -- "${words[@]:1}" 2>/dev/null </dev/null)
}

complete -F _chat chat
