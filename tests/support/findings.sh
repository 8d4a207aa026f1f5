# Sourced by end-to-end cases: findings FILE NAME... prints of each named finding of a probe's JSON
# whether it is good, and what was found.
findings() {
    file=$1
    shift
    for name in "$@"; do
        grep -q "\"name\": \"$name\"" "$file" || continue
        grep -A5 "\"name\": \"$name\"" "$file" |
            sed -n -e 's/^ *"good": \(.*\),$/\1/p' -e 's/^ *"detail": "\(.*\)",$/\1/p' |
            sed -e "1s/^/$name: /" | paste -s -d ' ' -
    done
}
