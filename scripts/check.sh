#!/usr/bin/env bash
# Everything that is checked without running the program: formatting, lints, documentation, purity.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo fmt --all --check
cargo clippy --workspace --all-targets --locked -- -D warnings
RUSTDOCFLAGS='-D warnings' cargo doc --workspace --no-deps --locked --quiet
./scripts/check-purity.sh
