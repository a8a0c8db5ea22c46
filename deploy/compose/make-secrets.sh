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
make token_secret 48
# Write here what the sign-in service of your staff gave you for the portal, or give it this one.
make sso_client_secret 48
chmod 700 "$folder"
