#!/bin/sh
# Makes the secrets that docker-compose.yml mounts, once. What is there stays: a new master key opens no old data.
set -eu
umask 077
folder="$(dirname "$0")/secrets"
mkdir -p "$folder"

make() {
    file="$folder/$1.txt"
    if [ ! -s "$file" ]; then
        head -c "$2" /dev/urandom | base64 | tr -d '\n' >"$file.new"
        mv "$file.new" "$file"
        echo "made $file; keep a copy of it apart from the backups of the data"
    fi
    # The services run under a user of their own, so the file is readable; the folder keeps this machine's users out.
    chmod 444 "$file"
}

make master_key 32
# The public half of what a process signs with, as shared/runtime/keys.py makes it: SHA-256 gives the seed of an Ed25519 key.
public() {
    {
        printf '\060\056\002\001\000\060\005\006\003\053\145\160\004\042\004\040'
        { printf 'carepath-signing-key-1\n'; tr -d '\n' <"$folder/$1_token_secret.txt"; } | openssl dgst -sha256 -binary
    } | openssl pkey -inform DER -pubout -outform DER | tail -c 32 | base64 | tr -d '\n'
}

keys=""
for name in portal referrals interventions notifications; do
    make "${name}_token_secret" 48
    key="$(public "$name")"
    if [ "${#key}" -ne 44 ]; then
        echo "openssl cannot make Ed25519 keys; install OpenSSL 1.1.1 or newer, and run this again" >&2
        exit 1
    fi
    keys="$keys$name=$key,"
done
# No secret; made anew each time, so that it fits the secrets that are there.
printf '%s' "${keys%,}" >"$folder/trusted_keys.txt.new"
mv "$folder/trusted_keys.txt.new" "$folder/trusted_keys.txt"
chmod 444 "$folder/trusted_keys.txt"
chmod 700 "$folder"
