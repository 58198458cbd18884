#!/usr/bin/env bash
# Write the types of the API from its own description. Usage: generate.sh <openapi.json> <schema.ts>
set -euo pipefail
cd "$(dirname "$0")"
npx --no-install openapi-typescript "$1" --output "$2" --alphabetize >/dev/null
