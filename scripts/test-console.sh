#!/usr/bin/env bash
# Checks and tests the console: style, types, units, weight, and then the whole of it in a browser, as it is inside the
# binary. Builds a debug binary, or takes the one that VESTIBULE_BIN names.
set -euo pipefail
cd "$(dirname "$0")/.."
./scripts/build-console.sh
if [ -z "${VESTIBULE_BIN:-}" ]; then
  cargo build --locked -p vestibule-server
  VESTIBULE_BIN=target/debug/vestibule
fi
VESTIBULE_BIN=$(realpath "$VESTIBULE_BIN")
export VESTIBULE_BIN PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1
cd apps/console
npm run check
npm test
node build/check-weight.mjs
npx --no-install playwright test --project=console "$@"
