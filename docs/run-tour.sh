#!/usr/bin/env bash
# Runs every sh block of TOUR.md, in order, against a server of its own, and compares the output with that in TOUR.md.
# Needs a built `vestibule` in target/release or target/debug, curl and python3.
set -euo pipefail
cd "$(dirname "$0")/.."

# The one that was built last.
vestibule=$(ls -t target/release/vestibule target/debug/vestibule 2>/dev/null | head -n 1 || true)
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
awk '
  /^```sh$/ { block++; inside = 1; printf "echo \"── block %d\"\n", block; next }
  /^```$/   { inside = 0 }
  inside
' docs/TOUR.md >"$folder/tour.sh"
if ! bash -euo pipefail "$folder/tour.sh" | tee "$folder/output"; then
  echo "── the tour stopped here; the end of the server's log:" >&2
  tail -n 20 "$folder/server.log" >&2
  exit 1
fi

# What differs from run to run is left out of the comparison: ids, instants, dates, tokens, the address.
mask() {
  sed -E -e 's/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/ID/g' -e 's/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z/INSTANT/g' \
    -e 's/[0-9]{4}-[0-9]{2}-[0-9]{2}/DATE/g' -e 's/[0-9]{1,2} [A-Z][a-z]+ [0-9]{4}/DATE/g' \
    -e 's/(vst_[a-z]_)[A-Za-z0-9_-]+/\1/g' -e 's/127\.0\.0\.1:[0-9]+/HOST/g' -e 's/"seq": [0-9]+/"seq": N/'
}
awk '
  /^```sh$/   { block++; printf "── block %d\n", block; next }
  /^```text$/ { inside = 1; next }
  /^```$/     { inside = 0 }
  inside
' docs/TOUR.md | mask >"$folder/expected"
if mask <"$folder/output" | diff -u --label docs/TOUR.md --label "this run" "$folder/expected" - >&2; then
  echo "── the tour went as written"
else
  echo "── the tour went otherwise than written" >&2
  exit 1
fi
