# shellcheck shell=bash disable=SC2016  # what is in single quotes is expanded by the person's shell
# What contrib/README.md has for prompts and bars, as it is there. Two messages wait for Juliet.

two_messages_wait() {
    as romeo 'chat send juliet@chat.example one && chat send juliet@chat.example two' && as juliet 'chat unread -T' | grep -x 2
}
# Bash at a terminal of its own: after each prompt it asks, and the next one shows the answer.
prompt_says() {  # WANTED
    example PROMPT_COMMAND= >/home/juliet/prompt
    as juliet 'echo "printf \"mail is <%s>\\n\" \"\$mail\"; exit" | script -qec "bash --rcfile prompt -i" /dev/null' | tee /dev/stderr | grep -F "mail is <$1>"
}
prompt_comes_to_say() {  # WANTED
    local limit=$((SECONDS + 60))
    until prompt_says "$1"; do
        [ "$SECONDS" -lt "$limit" ] || return 1
        sleep 1
    done
}
in_a_prompt() {
    check "nothing waits, and the prompt says so" prompt_says ""
    check "two messages wait" two_messages_wait
    check "the prompt says that there is mail" prompt_comes_to_say "✉ "
    check "one who reads them has no more" as juliet 'chat unread -m'
    check "which the prompt says, too" prompt_comes_to_say ""
    check "two others wait" two_messages_wait
}

# One tmux in another, which is its terminal: what is on the inner's status line can be read.
in_a_terminal_of_tmux() {
    example 'set -g status-right' >/home/juliet/.tmux.conf
    echo 'set -g status-interval 1' >>/home/juliet/.tmux.conf
    as juliet 'tmux -L outer -f /dev/null new-session -d -x 100 -y 10 "env -u TMUX tmux -L inner new-session"'
}
status_line_shows() {  # TEXT
    local limit=$((SECONDS + 60))
    until as juliet 'tmux -L outer capture-pane -p' | tail -n 2 | tee /dev/stderr | grep -E "(^| )$1 *\$" >/dev/null; do
        [ "$SECONDS" -lt "$limit" ] || return 1
        sleep 0.5
    done
}
in_tmux() {
    check "tmux takes its line" in_a_terminal_of_tmux
    check "and shows how many messages wait" status_line_shows 2
    as juliet 'tmux -L outer kill-server; tmux -L inner kill-server'
}

i3_takes_the_line() {
    printf '# i3 config file (v4)\nbar {\n%s\n}\n' "$(example status_command)" >/home/juliet/i3.conf
    as juliet 'i3 -C -c i3.conf'
}
first_line_of_its_command() {
    example status_command | sed 's/^status_command //; s/sleep 60/sleep 1/' >/home/juliet/status
    as juliet 'sh status | head -n 1' | grep -x 2
}
i3blocks_shows() {
    example 'command=chat' | sed '1i [mail]' | sed '$a interval=60' >/home/juliet/i3blocks.conf
    as juliet 'timeout 60 i3blocks -c i3blocks.conf | grep -m 1 -F "\"full_text\":\"2\""'
}
in_i3() {
    check "i3 takes its line" i3_takes_the_line
    check "whose command writes how many messages wait" first_line_of_its_command
    check "i3blocks shows them, too" i3blocks_shows
}
