# The corpus of the fuzzer, and what its runs say. Sourced by scripts/fuzz, not run.
#
# $program is the fuzzer; it decides which inputs decode.

# Kept of each target: the smallest inputs that decode and the smallest of the others, up to so many
# bytes and inputs of either.
kept_byte_count=20000
kept_count=30

# find_of LOG: what ended a target, in a word; nothing where it went on to the end.
find_of() {
    grep -aq 'the planted fault' "$1" && { echo planted; return; }
    grep -aq 'ERROR: libFuzzer: timeout' "$1" && { echo HANG; return; }
    grep -aq 'ERROR: libFuzzer: out-of-memory' "$1" && { echo MEMORY; return; }
    grep -aqE 'ERROR: (AddressSanitizer|libFuzzer|LeakSanitizer)' "$1" && { echo CRASH; return; }
    true
}

number() { grep -aoE "$2" "$1" | tail -1 | grep -oE '[0-9]+' | tail -1 || true; }

# failure_of PLANTED RUNS FIND: why a run is a failure, in a sentence; nothing where it is none.
failure_of() {
    [ "${2:-0}" -gt 0 ] || { echo "no input was run"; return; }
    [ -z "$1" ] || [ "$3" = planted ] || echo "the planted fault was NOT found"
}

is_seed() {
    local seed
    for seed in "$1/"seed-*; do cmp -s "$2" "$seed" && return 0; done
    return 1
}

# keep CORPUS NEW: copies the smallest of the files that are named on standard input to NEW, without
# the seeds of CORPUS.
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

# take_in TARGET FOLDER CORPUS: of what the fuzzer found in FOLDER, and of what earlier runs found in
# CORPUS, the smallest inputs are in CORPUS afterwards, beside the seeds and what was once a find.
#
# The new set is complete before anything in CORPUS changes: where the fuzzer fails, nothing does.
take_in() {
    local name=$1 grown=$2 corpus=$3 work file folder
    work=$(mktemp -d)
    mkdir "$work/new" "$work/all"
    # Both together; the name of an earlier find is its digest, and so it is there once.
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
