#!/usr/bin/env bash
# Proves that no domain crate reaches a database, a web framework, an async runtime or a random source of time.
set -euo pipefail
cd "$(dirname "$0")/.."
domain=(vestibule-org-hierarchy vestibule-access-control vestibule-custom-objects vestibule-guest-lifecycle)
banned=(actix-web diesel lettre r2d2 tokio chrono)
failed=0
for library in "${banned[@]}"; do
  # Everything that depends on the library, directly or not.
  dependents=$(cargo tree --workspace --locked --edges normal --prefix none --format '{p}' --invert "$library" 2>/dev/null || true)
  for crate in "${domain[@]}"; do
    if grep -q "^$crate " <<<"$dependents"; then
      echo "$crate must not depend on $library" >&2
      failed=1
    fi
  done
done
[ "$failed" -eq 0 ] && echo "The domain crates are pure."
exit "$failed"
