#!/usr/bin/env bash
# Installs the packages that the console is made with, exactly as its lock file says; does nothing when they are there.
set -euo pipefail
cd "$(dirname "$0")/../apps/console"
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1
installed=node_modules/.installed-lock
if ! cmp -s package-lock.json "$installed"; then
  npm ci --no-audit --no-fund
  cp package-lock.json "$installed"
fi
