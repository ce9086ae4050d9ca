# shellcheck shell=bash
# Runs steps and counts. For each one target/test-logs holds NAME.log and NAME.result (passed failed skipped seconds).

logs=$PWD/target/test-logs
lanes=()

begin() {
    mkdir -p "$logs"
    rm -f "$logs"/*
    trap 'stop_all; exit 130' INT TERM
    say "logs: target/test-logs"
}

# One line with the time since the start.
say() {
    printf '%3d:%02d  %s\n' $((SECONDS / 60)) $((SECONDS % 60)) "$*"
}

# A function whose steps run one after the other, beside other lanes.
lane() {
    "$1" &
    lanes+=("$!")
}

step() {  # NAME LIMIT COMMAND...
    local name=$1 limit=$2 code=0 start=$SECONDS
    shift 2
    say "$name ..."
    timeout --kill-after=30 "$limit" "$@" >"$logs/$name.log" 2>&1 </dev/null &
    echo $! >"$logs/$name.pid"
    wait $! || code=$?
    rm "$logs/$name.pid"
    # 137: it had to be killed.
    [ "$code" != 124 ] && [ "$code" != 137 ] || echo "not done within $limit s" >>"$logs/$name.log"
    count "$name" "$code" $((SECONDS - start))
    report "$name" "$code"
}

# A step that others can disturb, such as a mirror or a neighbour on the machine: one that fails in less than half of its time
# is tried once more. What passes then is named as unsteady, with what failed.
step_with_another_try() {  # NAME LIMIT COMMAND...
    local first=$logs/$1.first start=$SECONDS
    step "$@"
    has_failed "$1" && [ $((SECONDS - start)) -lt $(($2 / 2)) ] || return 0
    mv "$logs/$1.log" "$first"
    step "$@"
    has_failed "$1" || what_went_wrong "$first" | sed "s/^/unsteady: $1 passed only when tried again: /" >>"$logs/$1.log"
}

has_failed() {  # NAME
    local failed
    read -r _ failed _ <"$logs/$1.result"
    [ "$failed" != 0 ]
}

# The checks that failed, or the last line where none is named.
what_went_wrong() {  # LOG
    grep -aE '^(not ok |not done within |test .* FAILED$|error)' "$1" || tail -n 1 "$1"
}

# Adds up what cargo, rspec and our own scripts say about their tests. A command without counts is one test.
count() {  # NAME CODE SECONDS
    awk -v code="$2" -v seconds="$3" '
        function add(line, word) { return match(line, "[0-9]+ " word) ? substr(line, RSTART, RLENGTH) + 0 : 0 }
        /^test result: / || /^[0-9]+ passed, [0-9]+ failed(, [0-9]+ skipped)?$/ {
            counted = 1; passed += add($0, "passed"); failed += add($0, "failed")
            skipped += add($0, "ignored") + add($0, "skipped")
        }
        /^[0-9]+ examples?, [0-9]+ failures?/ {
            counted = 1; bad = add($0, "failure"); pending = add($0, "pending")
            failed += bad; skipped += pending; passed += add($0, "example") - bad - pending
        }
        END {
            if (!counted) passed = (code == 0)
            if (code != 0 && failed == 0) failed = 1
            print passed + 0, failed + 0, skipped + 0, seconds
        }' "$logs/$1.log" >"$logs/$1.result"
}

# The output of a failed step is shown in one piece, whatever the other lane prints.
report() {  # NAME CODE
    local passed failed seconds
    read -r passed failed _ seconds <"$logs/$1.result"
    {
        flock 9
        if [ "$2" = 0 ] && [ "$failed" = 0 ]; then
            say "$1: $passed passed in $seconds s"
        else
            say "$1: FAILED ($failed) in $seconds s, exit status $2; the end of its log:"
            tail -n 60 "$logs/$1.log" | sed 's/^/       | /'
        fi
    } 9>"$logs/.lock"
}

stop_all() {
    local file
    # The lanes first: each would begin its next step.
    [ ${#lanes[@]} -eq 0 ] || kill "${lanes[@]}" 2>/dev/null || :
    for file in "$logs"/*.pid; do
        [ ! -e "$file" ] || kill "$(cat "$file")" 2>/dev/null || :
    done
}

# Each failure by name, once more, where the end of a long output is all that one sees.
what_failed() {
    local result name
    for result in "$logs"/*.result; do
        name=$(basename "$result" .result)
        ! has_failed "$name" || [ ! -e "$logs/$name.log" ] || what_went_wrong "$logs/$name.log" | sed "s/^/failed: $name: /"
    done
}

finish() {
    local lane
    for lane in "${lanes[@]}"; do
        # Its steps fail without ending it; when it ended all the same, steps are missing.
        wait "$lane" || { say "a lane ended early"; echo 0 1 0 0 >"$logs/lane.result"; }
    done
    say "done; the steps by time:"
    sort -k 2 -n -r <(cd "$logs" && for file in *.result; do echo "${file%.result} $(cut -d' ' -f4 "$file")"; done) |
        awk '{ printf "       %-12s %4d s\n", $1, $2 }'
    (cd "$logs" && grep -ahE '^(ok .*# skip|skip(ped)? |test .* \.\.\. ignored)' -- *.log | sed 's/^/skipped: /') || :
    (cd "$logs" && grep -ahE '^unsteady: ' -- *.log) || :
    what_failed
    awk '{ passed += $1; failed += $2; skipped += $3 }
        END { printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped; exit failed > 0 }' "$logs"/*.result
}
