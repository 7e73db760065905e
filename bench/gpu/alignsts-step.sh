#!/bin/sh
# Times AlignSTS's training step on a CUDA GPU.
#
# Where the packages are installed:     bench/gpu/alignsts-step.sh
# For a machine with only PyTorch and g++: run `bench/gpu/alignsts-step.sh prepare` here, take along packages/torch/dist, node_modules/node-addon-api,
# node_modules/node-api-headers and a Node binary (.gpu/node or .gpu/node.xz), and run `bench/gpu/alignsts-step.sh` there.
set -eu
cd "$(dirname "$0")/../.."
# beside the torch package's sources, because the bundle builds the addon from ../native
bundle=packages/torch/dist/alignsts-step.mjs
if [ "${1:-}" = prepare ]; then
  exec node_modules/.bin/esbuild bench/gpu/alignsts-step.ts --bundle --platform=node --format=esm --conditions=source --outfile="$bundle" --log-level=warning
fi
[ -f .gpu/node.xz ] && [ ! -f .gpu/node ] && xz -dk .gpu/node.xz && chmod +x .gpu/node
node=node
[ -x .gpu/node ] && node=.gpu/node
[ -f "$bundle" ] || "$0" prepare
exec "$node" "$bundle"
