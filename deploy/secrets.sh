#!/bin/sh
# Makes the secrets that compose.yaml and stack.yaml take, once: deploy/secrets/ holds them, readable
# by their owner only (and by the containers, whose user differs, where compose mounts them as they are).
set -eu
cd "$(dirname "$0")"
mkdir -p secrets
for name in operator-token redis-password; do
  [ -s "secrets/$name" ] || od -An -N24 -tx1 /dev/urandom | tr -d ' \n' > "secrets/$name"
done
chmod 700 secrets
chmod 444 secrets/*
echo "deploy/secrets/operator-token is the operator's token"
