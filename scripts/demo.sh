#!/usr/bin/env bash
# Builds Vestibule and serves the sample organization until Ctrl-C.
set -euo pipefail
cd "$(dirname "$0")/.."
./scripts/setup.sh
./scripts/build-console.sh
cargo build --release --locked -p vestibule-server
exec ./target/release/vestibule demo "$@"
