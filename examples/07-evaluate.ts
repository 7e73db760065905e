// How near is one recording to another? The metrics of the paper (§4.1.3) and some beside them.
import { readFileSync } from 'node:fs';
import { decodeMono } from '@alignsts/signal';
import { evaluatePair, METRICS } from 'alignsts';

const { audio: target } = await decodeMono(readFileSync(new URL('audio/sung-lobo.flac', import.meta.url)));
const halfAsLoud = { ...target, samples: target.samples.map((value) => value / 2) };

const values = evaluatePair(target, halfAsLoud);
for (const { name, label } of METRICS.filter(({ name }) => ['rca', 'lsd', 'lsdLevelled', 'rrd'].includes(name))) {
  console.log(`${label.padEnd(5)} ${values[name].toFixed(3)}`);
}
console.log(`loudness changes LSD (${values.lsd > 0.1}) but not LSDn (${values.lsdLevelled < 0.001})`);
// prints: loudness changes LSD (true) but not LSDn (true)
