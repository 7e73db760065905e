/**
 * The converted encoders beside the originals, on the clips of fixtures/make/encoder-clips.py:
 *   node --conditions=source --import tsx bench/encoders.ts <clips> content <content.onnx> …
 *   node --conditions=source --import tsx bench/encoders.ts <clips> timbre <timbre.onnx> …
 * Prints agreement and the processor time per second of sound, front end included, on one thread.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createResemblyzerEncoder, createWebRtcDetector, createWhisperContentEncoder } from 'alignsts';
import { sha256 } from 'alignsts/onnx';
import { openGraph } from 'alignsts/onnx/node';

const RATE = 16000;
const [folder = '', kind = '', ...files] = process.argv.slice(2);
for (const file of files) {
  const bytes = readFileSync(file);
  const graph = await openGraph(bytes, { sha256: await sha256(bytes), threads: 1 });
  const report = kind === 'content' ? await compareContent() : await compareTimbre();
  process.stdout.write(`${file} ${(bytes.length / 1e6).toFixed(1)} MB: ${report}\n`);
  await graph.close();

  async function compareContent(): Promise<string> {
    const encoder = createWhisperContentEncoder(graph, { id: file });
    await encoder.encode({ samples: floats('0.f32'), sampleRate: RATE }); // the first run takes memory
    let [squares, power, cosines, frames, seconds, work] = [0, 0, 0, 0, 0, 0];
    for (let k = 0; existsSync(`${folder}/${k}.content.f32`); k++) {
      const samples = floats(`${k}.f32`);
      const original = floats(`${k}.content.f32`);
      const start = process.cpuUsage();
      const { values, channels, frames: count } = await encoder.encode({ samples, sampleRate: RATE });
      work += spentSince(start);
      seconds += samples.length / RATE;
      frames += count;
      for (let n = 0; n < count; n++) {
        const [ours, theirs] = [values, original].map((x) => x.subarray(n * channels, (n + 1) * channels)) as [Float32Array, Float32Array];
        cosines += cosine(ours, theirs);
        for (let c = 0; c < channels; c++) squares += (ours[c]! - theirs[c]!) ** 2;
        power += dot(theirs, theirs);
      }
    }
    return `relative RMS ${Math.sqrt(squares / power).toExponential(1)}, mean cosine ${(cosines / frames).toFixed(5)}, ${(work / seconds).toFixed(4)} s a second`;
  }

  async function compareTimbre(): Promise<string> {
    const originals = JSON.parse(readFileSync(`${folder}/embeddings.json`, 'utf8')) as { embedding: number[]; without: number }[];
    const detector = await createWebRtcDetector();
    const encoder = createResemblyzerEncoder(graph, { id: file, detector });
    const cosines: number[] = [];
    let [seconds, work] = [0, 0];
    for (const [k, { embedding }] of originals.entries()) {
      const samples = floats(`${k}.f32`);
      const start = process.cpuUsage();
      cosines.push(cosine(await encoder.encode({ samples, sampleRate: RATE }), Float32Array.from(embedding)));
      work += spentSince(start);
      seconds += samples.length / RATE;
    }
    detector.close();
    const without = originals.map((original) => original.without);
    return (
      `${cosines.length} clips, cosine at least ${Math.min(...cosines).toFixed(7)}, ${(work / seconds).toFixed(4)} s a second; ` +
      `the original without its detector: mean ${(without.reduce((sum, value) => sum + value, 0) / without.length).toFixed(3)}, least ${Math.min(...without).toFixed(3)}`
    );
  }
}

function floats(name: string): Float32Array {
  const bytes = readFileSync(`${folder}/${name}`);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

function dot(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}

function cosine(a: Float32Array, b: Float32Array): number {
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

function spentSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}
