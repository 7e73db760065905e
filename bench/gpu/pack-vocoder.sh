#!/bin/sh
# Puts into .gpu/ what bench/gpu/train-vocoder.sh needs on a machine without Node and without a network: the program in one file, the addon's sources with
# the headers that it is built from, and the recordings as two archives (mixed, then the rest of the speech). The folder .gpu/ is not part of the repository.
# usage: sh bench/gpu/pack-vocoder.sh <folder of recordings>
set -eu
cd "$(dirname "$0")/../.."
data=${1:?name the folder of recordings}
pack=.gpu/vocoder
rm -rf "$pack"
mkdir -p "$pack/app" "$pack/node_modules"
node_modules/.bin/esbuild packages/train/src/vocoder/main.ts --bundle --platform=node --format=esm --target=node20 --conditions=source \
  --outfile="$pack/app/train-vocoder.mjs" --log-level=warning \
  --banner:js="import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);"
cp -r packages/torch/native "$pack/native"
cp -r node_modules/node-addon-api node_modules/node-api-headers "$pack/node_modules/"
cp configs/vocoder/*.json "$pack/"
if [ "${2:-}" = program ]; then exit 0; fi

# sorted, so that it is the same each time: one in 32 recordings of speech goes with the singing into the first archive, two stay out for want of room
root=$(pwd)
cd "$data"
find turkish-makam vocadito erithacus -name '*.flac' | grep -v -E 'turkish-makam/(barbaros|guelcin)/|vocadito_1\.flac' | sort >/tmp/vocoder-1.txt
find librispeech ljspeech -name '*.flac' | grep -v test-other | sort | awk 'NR % 32 == 0' >>/tmp/vocoder-1.txt
find librispeech ljspeech -name '*.flac' | grep -v test-other | sort | awk 'NR % 32 != 0 && NR % 16 != 8' >/tmp/vocoder-2.txt
# a few seconds of each kind that is held out, for the validation loss
{ find turkish-makam/barbaros turkish-makam/guelcin -name '*.flac' | sort | awk 'NR % 4 == 1'
  find librispeech -path '*test-other*' -name '*.flac' | sort | awk 'NR % 20 == 1'; } >/tmp/vocoder-validation.txt
tar -cf "$root/.gpu/vocoder-1.bin" -T /tmp/vocoder-1.txt
tar -cf "$root/.gpu/vocoder-2.bin" -T /tmp/vocoder-2.txt
tar -cf "$root/.gpu/vocoder-validation.bin" -T /tmp/vocoder-validation.txt
ls -la "$root"/.gpu
