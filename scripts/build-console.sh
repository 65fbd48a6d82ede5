#!/usr/bin/env bash
# Builds the console into apps/console/dist, from where the next cargo build takes it into the binary. Does nothing when
# nothing has changed since.
set -euo pipefail
cd "$(dirname "$0")/.."
./scripts/install-console.sh
cd apps/console
built=node_modules/.built-from
present=$(
  find src public build index.html package-lock.json ./*.json ./*.ts ./*.cjs ../../docs/openapi.json \
    -type f ! -name schema.d.ts -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum
)
if [ ! -e dist/index.html ] || [ "$present" != "$(cat "$built" 2>/dev/null)" ]; then
  npm run build
  echo "$present" >"$built"
fi
