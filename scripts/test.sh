#!/usr/bin/env bash
# Checks and tests everything: the server on SQLite and on a PostgreSQL server of its own, the console in a browser.
set -euo pipefail
cd "$(dirname "$0")/.."
./scripts/setup.sh --with-tests
# First, so that what is compiled next has it inside.
./scripts/build-console.sh
./scripts/check.sh
cargo test --workspace --locked
# Compiled by the tests.
VESTIBULE_BIN=target/debug/vestibule ./scripts/test-console.sh
./scripts/check-embeddable.sh
./docs/run-tour.sh
