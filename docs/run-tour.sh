#!/usr/bin/env bash
# Runs every sh block of TOUR.md, in order, against a server of its own. With a block's number (`run-tour.sh 3`) it stops
# after that block. Needs a built `vestibule` in target/release or target/debug, curl and python3.
set -euo pipefail
cd "$(dirname "$0")/.."
last=${1:-999}

vestibule=
for candidate in target/release/vestibule target/debug/vestibule; do
  if [ -x "$candidate" ]; then vestibule=$candidate && break; fi
done
if [ -z "$vestibule" ]; then
  echo "Please build first: cargo build --release --locked -p vestibule-server" >&2
  exit 1
fi

folder=$(mktemp -d)
server=
finish() {
  if [ -n "$server" ] && kill "$server" 2>/dev/null; then wait "$server" || true; fi
  rm -rf "$folder"
}
trap finish EXIT

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
export URL="http://127.0.0.1:$port" MAIL="$folder/data/mail"
VESTIBULE__HTTP__BIND="127.0.0.1:$port" "$vestibule" demo --data-dir "$folder/data" >"$folder/server.log" 2>&1 &
server=$!
for _ in $(seq 600); do
  if curl -fs -o "$folder/ready" "$URL/readyz"; then break; fi
  if ! kill -0 "$server" 2>/dev/null; then
    cat "$folder/server.log" >&2
    exit 1
  fi
  sleep 0.1
done
if [ ! -e "$folder/ready" ]; then
  echo "The server did not become ready." >&2
  cat "$folder/server.log" >&2
  exit 1
fi

# All blocks are one script, so that what one sets the next ones know.
awk -v last="$last" '
  /^```sh$/ { block++; if (block > last) exit; inside = 1; printf "echo; echo \"── block %d\"\n", block; next }
  /^```$/   { inside = 0 }
  inside
' docs/TOUR.md >"$folder/tour.sh"
if bash -euo pipefail "$folder/tour.sh"; then
  echo
  echo "── the tour went as written"
else
  echo "── the tour stopped here; the end of the server's log:" >&2
  tail -n 20 "$folder/server.log" >&2
  exit 1
fi
