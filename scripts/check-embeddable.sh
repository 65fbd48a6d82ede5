#!/usr/bin/env bash
# Proves that other services can embed the decision library: it packages, builds from its package alone, and its
# examples run.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo package --locked --allow-dirty --quiet -p vestibule-org-hierarchy -p vestibule-access-control
cargo run --locked --quiet -p vestibule-access-control --example embed >/dev/null
cargo run --locked --quiet -p vestibule-access-control --features serde --example follow >/dev/null
echo "The decision library can be embedded."
