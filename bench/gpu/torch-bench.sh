#!/bin/sh
# Checks the torch package on a CUDA GPU and times it beside Python's PyTorch: operators, graphs and training steps of the denoiser.
#
# Where the packages are installed:     bench/gpu/torch-bench.sh
# For a machine with only PyTorch and g++: run `bench/gpu/torch-bench.sh prepare` here, take along packages/torch/dist, node_modules/node-addon-api,
# node_modules/node-api-headers and a Node binary (.gpu/node or .gpu/node.xz), and run `bench/gpu/torch-bench.sh` there.
# Options: --no-checks leaves the checks out; --more adds torch.compile inside a CUDA graph; --no-python leaves Python out.
set -eu
cd "$(dirname "$0")/../.."
# beside the torch package's sources, because the bundle builds the addon from ../native
bundle=packages/torch/dist/torch-bench.mjs
if [ "${1:-}" = prepare ]; then
  bundled="node_modules/.bin/esbuild --bundle --platform=node --format=esm --conditions=source --log-level=warning"
  $bundled bench/gpu/torch-bench.ts --outfile="$bundle"
  exec $bundled packages/torch/test/support/distributed-worker.ts --outfile=packages/torch/dist/distributed-worker.mjs
fi
[ -f .gpu/node.xz ] && [ ! -f .gpu/node ] && xz -dk .gpu/node.xz && chmod +x .gpu/node
node=node
[ -x .gpu/node ] && node=.gpu/node
[ -f "$bundle" ] || "$0" prepare
status=0
"$node" "$bundle" "$@" || status=$?
case " $* " in
  *" --no-python "*) ;;
  *) echo; python3 bench/gpu/torch_bench.py "$@" ;;
esac
exit $status
