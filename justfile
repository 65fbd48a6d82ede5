# One recipe per habit. `just` alone lists them.

default:
    @just --list

# Serve the sample organization until Ctrl-C.
demo *args:
    ./scripts/demo.sh {{args}}

# The console with hot reload, in front of a running server (`just demo`).
console url="http://127.0.0.1:8080":
    ./scripts/install-console.sh
    cd apps/console && VESTIBULE_URL={{url}} npm run dev

# Formatting, lints, documentation, purity of the domain crates.
check:
    ./scripts/check.sh

# Licenses and sources of dependencies (needs cargo-deny).
deny:
    cargo deny --offline check bans licenses sources

# Everything, on both databases.
test:
    ./scripts/test.sh

# The console alone, in a browser too: `just test-console guests`.
test-console *args:
    ./scripts/test-console.sh {{args}}

# Pictures of every page of the console, into apps/console/screenshots.
screenshots *args:
    ./scripts/build-console.sh
    cargo build --locked -p vestibule-server
    cd apps/console && npm run screenshots -- {{args}}

# One crate's tests: `just test-one guest-lifecycle`.
test-one crate *args:
    cargo test --locked -p vestibule-{{crate}} {{args}}

# Throughput of invitations and sign-ins beside the server's own ceiling, on both databases.
bench *args:
    cargo bench --locked -p vestibule-server --bench throughput -- {{args}}

# Bring the configured database to this version.
migrate:
    cargo run --locked -p vestibule-server -- migrate

# Write the OpenAPI document that is kept in the repository.
openapi:
    cargo run --locked -p vestibule-server -- openapi > docs/openapi.json

# Rewrite the golden files of the tests after a change that was meant.
golden:
    UPDATE_GOLDEN=1 cargo test --locked -p vestibule-access-control -p vestibule-guest-lifecycle -p vestibule-mailer

# Format.
fmt:
    cargo fmt --all
    cd apps/console && npm run format
