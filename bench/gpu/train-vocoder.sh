#!/bin/sh
# Trains a vocoder on a GPU machine that has PyTorch and g++ but neither Node nor a network, out of what bench/gpu/pack-vocoder.sh packed. Every call goes on
# where the last one on that machine stopped; results (averaged weights in half precision, last weights, a log of losses) land in $OUT.
# usage: sh bench/gpu/train-vocoder.sh <envelope|mel> <seconds this call may take> <seconds of training planned in all> [archive of recordings]...
set -eu
began=$(date +%s)
cd "$(dirname "$0")/../.."
config=$1
limit=$2
planned=$3
shift 3
work=${WORK:-/tmp/vocoder}
out=${OUT:-$work/out}
mkdir -p "$work" "$out"
say() { echo "[$(($(date +%s) - began)) s] $*"; }

if ! [ -x "$work/node" ]; then
  if [ -f .gpu/node.xz ] && command -v xz >/dev/null; then xz -dc .gpu/node.xz >"$work/node.part"
  elif [ -f .gpu/node.xz ]; then python3 -c 'import lzma, shutil, sys; shutil.copyfileobj(lzma.open(".gpu/node.xz"), open(sys.argv[1], "wb"))' "$work/node.part"
  else cp "$(command -v node)" "$work/node.part"; fi
  chmod +x "$work/node.part"
  mv "$work/node.part" "$work/node"
fi
node=$work/node
for part in app native node_modules envelope.json mel.json tiny.json; do
  [ -e ".gpu/vocoder/$part" ] || continue
  rm -rf "${work:?}/$part"
  cp -r ".gpu/vocoder/$part" "$work/"
done
say "node $("$node" --version)"
"$node" "$work/native/build.mjs" >"$work/build.log" 2>&1 &
building=$!

program=$work/app/train-vocoder.mjs
parts=$(nproc)
for archive in "$@"; do
  tar -xf "$archive" -C "$work" --one-top-level=raw
done
if [ -f .gpu/vocoder-validation.bin ] && ! [ -d "$work/validation" ]; then
  tar -xf .gpu/vocoder-validation.bin -C "$work" --one-top-level=held-out
  "$node" "$program" prepare "$work/held-out" "$work/validation" 0 1 0 only
fi
part=0
workers=
while [ "$part" -lt "$parts" ]; do
  "$node" "$program" prepare "$work/raw" "$work/clips" "$part" "$parts" "${SHIFTED:-1}" >"$work/prepare-$part.log" 2>&1 &
  workers="$workers $!"
  part=$((part + 1))
done
for worker in $workers; do wait "$worker" || { cat "$work"/prepare-*.log; exit 1; }; done
say "$(ls "$work/clips" | wc -l) clips"
wait "$building" || { cat "$work/build.log"; exit 1; }
say "addon: $(tail -c 300 "$work/build.log")"

# 12 s to write the results
seconds=$((limit - ($(date +%s) - began) - 12))
say "training for $seconds s"
"$node" "$program" train "$work/$config.json" "$work/clips" "$work/state" "$work/results" "$seconds" "$planned" "$work/validation" &
training=$!
# results go where they are fetched all the time, so that a call that is cut off brings something home
while kill -0 "$training" 2>/dev/null; do
  sleep 5
  cp "$work"/results/*.json "$work"/results/*.safetensors "$out"/ 2>/dev/null || true
done
wait "$training"
cp "$work"/results/*.json "$work"/results/*.safetensors "$out"/
say "done: $(ls "$out" | tr '\n' ' ')"
