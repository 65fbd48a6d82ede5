#!/usr/bin/env bash
# Installs what building and testing need beside git and a Rust toolchain. Sourced or run; does nothing when all is there.
set -euo pipefail

needed=()
have_header() { [ -e /usr/include/postgresql/libpq-fe.h ] || pkg-config --exists libpq 2>/dev/null; }
have_node() { command -v node >/dev/null && [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ]; }
command -v cc >/dev/null || needed+=(build-essential)
command -v pkg-config >/dev/null || needed+=(pkg-config)
have_header || needed+=(libpq-dev)
have_node || needed+=(nodejs)
command -v npm >/dev/null || needed+=(npm)
if [ "${1:-}" = "--with-tests" ]; then
  command -v initdb >/dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || needed+=(postgresql)
  command -v curl >/dev/null || needed+=(curl)
  command -v python3 >/dev/null || needed+=(python3)
  command -v "${CHROMIUM:-chromium}" >/dev/null || needed+=(chromium)
fi

if [ ${#needed[@]} -gt 0 ]; then
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "Please install these packages first (Debian names): ${needed[*]}" >&2
    exit 1
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${needed[@]}"
fi

if ! command -v cargo >/dev/null; then
  echo "Please install a Rust toolchain first (cargo is not on the PATH)." >&2
  exit 1
fi
if ! have_node; then
  echo "Please install Node 20 or newer first; this system has $(node --version 2>/dev/null || echo none)." >&2
  exit 1
fi
