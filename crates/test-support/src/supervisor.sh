# Runs a throwaway PostgreSQL server for as long as standard input stays open, then removes every trace of it.
# The test process holds the other end of that pipe, so the kernel closes it however the process ends.
#   $1  folder of the PostgreSQL programs
#   $2  folder to work in
# Answers one line: "ready FOLDER", or "failed" and after it why.

set -u
umask 077
# Someone who stops reading must not stop the clean-up.
trap '' PIPE

bin=$1
folder=$(mktemp -d "$2/vestibule-pg.XXXXXX") || { echo failed; echo "cannot make a folder in $2"; exit 1; }
log=$folder/log
server=

finish() {
    if [ -n "$server" ]; then
        kill -QUIT "$server" 2>/dev/null
        wait "$server"
    fi
    rm -rf "$folder"
}

fail() {
    echo failed
    echo "$1"
    tail -n 20 "$log"
    finish
    exit 1
}

"$bin/initdb" --pgdata="$folder/data" --username=postgres --auth=trust --encoding=UTF8 --locale=C \
    --no-sync --no-instructions >"$log" 2>&1 </dev/null || fail "initdb failed"

# Nothing in here outlives the tests, so nothing needs to reach the disk.
"$bin/postgres" -D "$folder/data" -k "$folder" \
    -c listen_addresses= \
    -c max_connections=400 \
    -c shared_buffers=128MB \
    -c fsync=off \
    -c synchronous_commit=off \
    -c full_page_writes=off \
    -c timezone=UTC \
    -c log_timezone=UTC >>"$log" 2>&1 </dev/null &
server=$!

until "$bin/pg_isready" --quiet --host="$folder" --username=postgres --dbname=postgres; do
    kill -0 "$server" 2>/dev/null || fail "the server stopped while starting"
    sleep 0.02
done

echo "ready $folder"
exec >/dev/null 2>&1

# Ends when the last writer of the pipe is gone.
cat
finish
