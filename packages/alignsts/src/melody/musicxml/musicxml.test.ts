import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { melodyFromMusicXml } from './musicxml.ts';

type Row = [start: number, end: number, pitch: number, verse1: string | null, verse2: string | null];
const expected = JSON.parse(readFileSync('fixtures/melody/expected.json', 'utf8')) as { scores: Record<string, Row[]> };

describe('melodyFromMusicXml', () => {
  test.each(Object.keys(expected.scores))('reads the notes of %s as music21 does', (path) => {
    const melody = melodyFromMusicXml(readFileSync(path));
    const notes = melody.notes!;
    const rows = expected.scores[path]!;
    expect(notes.map((note) => note.pitch)).toEqual(rows.map((row) => row[2]));
    // the values are written down to a microsecond
    expect(notes.map((note) => note.start)).toBeAllClose(rows.map((row) => row[0]), { atol: 1e-6, rtol: 0 });
    expect(notes.map((note) => note.end)).toBeAllClose(rows.map((row) => row[1]), { atol: 1e-6, rtol: 0 });
    process.stdout.write(path+'\n'+notes.map(n=>n.lyric?.text+(n.lyric?.extend?'_':'')).join(' ')+'\n'+melody.remarks.join('\n')+'\n');
  });
});
