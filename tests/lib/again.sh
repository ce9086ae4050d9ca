# shellcheck shell=bash
# Runs tests of cargo and closes with the counts.
#
# A test that fails is tried once more, alone: what only a busy machine did passes then. It is named as unsteady, with what
# went wrong, and tests/run repeats that at its end. What fails twice has failed.

# PREPARE is a command that gets the number of the other try: what the test needs that the first one has used up.
tests_with_another_try() {  # PREPARE ARGUMENT_OF_CARGO... -- [ARGUMENT_OF_THE_TESTS...]
    local prepare=$1 cargo=() log again=0 failed=0 test
    shift
    while [ "$1" != -- ]; do cargo+=("$1"); shift; done
    shift
    log=$(mktemp)
    the_tests "$@" | tee "$log" || :
    everything_ran "$log" || failed=1
    while read -r test; do
        if "$prepare" "$((again + failed))" && the_tests --exact "$test"; then
            again=$((again + 1))
            echo "unsteady: $test passed only when tried again: $(reason "$test" "$log")"
        else
            failed=$((failed + 1))
        fi
    done < <(sed -n 's/^test \(.*\) \.\.\. FAILED$/\1/p' "$log")
    awk -v again="$again" -v failed="$failed" '
        /^  result: / { passed += $3; ignored += $7 }
        END { printf "%d passed, %d failed, %d skipped\n", passed + again, failed, ignored }' "$log"
    rm "$log"
    [ "$failed" = 0 ]
}

# The line that counts is the last one of all.
the_tests() {
    cargo test --locked "${cargo[@]}" -- "$@" 2>&1 </dev/null | sed -u 's/^test result: /  result: /'
}

# What did not compile has not begun, and what was killed has no result.
everything_ran() {  # LOG
    local begun
    begun=$(grep -ac '^     Running ' "$1") && [ "$begun" = "$(grep -ac '^  result: ' "$1")" ]
}

# The first lines of what the test said, after the one that says where.
reason() {  # TEST LOG
    grep -a -A 3 "^thread '$1'.* panicked at" "$2" | sed -n '2,4p' | tr -s '\n ' ' ' | cut -c 1-300
}
