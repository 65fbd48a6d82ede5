#!/usr/bin/env bash
# Checks and tests everything, on SQLite and on a PostgreSQL server of its own.
set -euo pipefail
cd "$(dirname "$0")/.."
./scripts/setup.sh --with-tests
./scripts/check.sh
cargo test --workspace --locked
./scripts/check-embeddable.sh
./docs/run-tour.sh
