# Functions for the corpus and for the logs of the fuzzer. scripts/fuzz sources this file.
#
# $program is the fuzzer; it decides which inputs decode.

# For each target, the corpus keeps the smallest inputs that decode and the smallest that do not.
# These are the limits for each of the two groups.
kept_byte_count=20000
kept_count=30

# find_of LOG: prints in one word what stopped a target; prints nothing if nothing stopped it.
find_of() {
    grep -aq 'the planted fault' "$1" && { echo planted; return; }
    grep -aq 'ERROR: libFuzzer: timeout' "$1" && { echo HANG; return; }
    grep -aq 'ERROR: libFuzzer: out-of-memory' "$1" && { echo MEMORY; return; }
    grep -aqE 'ERROR: (AddressSanitizer|libFuzzer|LeakSanitizer)' "$1" && { echo CRASH; return; }
    true
}

number() { grep -aoE "$2" "$1" | tail -1 | grep -oE '[0-9]+' | tail -1 || true; }

# failure_of PLANTED RUNS FIND: prints why a run failed; prints nothing if it did not fail.
failure_of() {
    [ "${2:-0}" -gt 0 ] || { echo "no input was run"; return; }
    [ -z "$1" ] || [ "$3" = planted ] || echo "the planted fault was NOT found"
}

is_seed() {
    local seed
    for seed in "$1/"seed-*; do cmp -s "$2" "$seed" && return 0; done
    return 1
}

# keep CORPUS NEW: reads file names from standard input, and copies the smallest of these files to NEW.
# Leaves out the seeds of CORPUS.
keep() {
    local size file name total=0 count=0
    xargs -r stat -c '%s %n' | sort -n | while read -r size file; do
        [ "$count" -lt "$kept_count" ] && [ $((total + size)) -le "$kept_byte_count" ] || continue
        name=$(sha1sum <"$file" | cut -c1-40)
        ! [ -e "$2/$name" ] && ! is_seed "$1" "$file" || continue
        total=$((total + size))
        count=$((count + 1))
        cp "$file" "$2/$name"
    done
}

# take_in TARGET FOLDER CORPUS: chooses the smallest inputs from FOLDER (this run) and CORPUS (earlier
# runs), and keeps them in CORPUS. Seeds and earlier finds stay in CORPUS.
#
# Makes the new set completely before it changes CORPUS. So if the fuzzer fails, CORPUS stays as it is.
take_in() {
    local name=$1 grown=$2 corpus=$3 work file folder
    work=$(mktemp -d)
    mkdir "$work/new" "$work/all"
    # The name of an input is its digest, so an input that is in both folders is copied once.
    for folder in "$corpus" "$grown"; do
        find "$folder" -type f -regextype posix-extended -regex '.*/[0-9a-f]{40}' \
            -exec cp -t "$work/all" {} +
    done
    "$program" --decoding "$name" "$work/all" >"$work/decoded" || {
        echo "$name: the fuzzer failed, and the corpus is as it was" >&2
        rm -rf "$work"
        return 1
    }
    sort "$work/decoded" >"$work/decoding"
    find "$work/all" -type f | sort >"$work/names"
    comm -12 "$work/names" "$work/decoding" | keep "$corpus" "$work/new"
    comm -23 "$work/names" "$work/decoding" | keep "$corpus" "$work/new"
    find "$work/new" -type f -exec cp -t "$corpus" {} +
    find "$corpus" -type f -regextype posix-extended -regex '.*/[0-9a-f]{40}' |
        while read -r file; do
            [ -e "$work/new/${file##*/}" ] || rm "$file"
        done
    rm -rf "$work"
}
