# shellcheck shell=bash
# Runs tests against the server that CHAT_TEST_* name, and closes with the counts.
#
# A test that fails is tried once more, alone and with fresh accounts: what only a busy machine did passes then. It is named
# as unsteady, with what went wrong, and tests/run repeats that at its end. What fails twice has failed.

server_tests() {  # REGISTER [ARGUMENT OF THE TEST PROGRAM...]     REGISTER is a command: REGISTER PREFIX COUNT
    local register=$1 log again=0 failed=0 test
    log=$(mktemp)
    shift
    the_tests "$@" | tee "$log" || :
    # What did not compile, or was killed, has no result.
    grep -q '^  result: ' "$log" || failed=1
    while read -r test; do
        if once_more "$register" "$test" "$((again + failed))"; then
            again=$((again + 1))
            echo "unsteady: $test passed only when tried again: $(reason "$test" "$log")"
        else
            failed=$((failed + 1))
        fi
    done < <(sed -n 's/^test \(.*\) \.\.\. FAILED$/\1/p' "$log")
    echo "$(($(passed_in "$log") + again)) passed, $failed failed"
    rm "$log"
    [ "$failed" = 0 ]
}

# The line that counts is the last one of all.
the_tests() {
    cargo test --locked --features server-tests --test server -- --test-threads=4 "$@" 2>&1 </dev/null |
        sed -u 's/^test result: /  result: /'
}

once_more() {  # REGISTER TEST NUMBER
    local prefix=${CHAT_TEST_ACCOUNTS}again$3-
    "$1" "$prefix" 20
    CHAT_TEST_ACCOUNTS=$prefix the_tests --exact "$2"
}

passed_in() {  # LOG
    awk '/^  result: / { passed += $3 } END { print passed + 0 }' "$1"
}

# The first line of what the test said, after the one that says where.
reason() {  # TEST LOG
    grep -A 1 "^thread '$1'.* panicked at" "$2" | sed -n '2p' | cut -c 1-200
}
