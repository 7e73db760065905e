/**
 * What the spelling of lyrics says about the sounds between two vowels. Letters tell little about vowels and much about consonants: an s hisses and a t is a
 * silence and a burst in most languages written in Latin letters. Enough to tell which of two peaks is the syllable that was sung.
 */

/** What is to be heard between the vowel of one syllable and the vowel of the next. */
export type ExpectedSounds = {
  /** s, z, x, soft c, sh, ch, j. */
  sibilant: boolean;
  /** p, t, k, b, d, g, hard c, q: a closure. */
  plosive: boolean;
  /** f, v, th, h. */
  weakFricative: boolean;
};

/** A syllable as written, such as { text: "sit" } or { text: "ting" }. */
export type Spelled = { text: string };

/**
 * @returns for every pair of neighbours what lies between their vowels, or undefined for a pair that is not written in Latin letters
 * @example expectedBetween([{ text: 'Kids' }, { text: 'are' }])[0] // { sibilant: true, plosive: true, weakFricative: false }
 */
export function expectedBetween(syllables: readonly Spelled[]): (ExpectedSounds | undefined)[] {
  return syllables.slice(1).map((next, i) => {
    const before = lettersOf(syllables[i]!.text);
    const after = lettersOf(next.text);
    const coda = /^[^aeiouy]*(?:y?[aeiou]+y?|y)(.*)$/.exec(before)?.[1];
    const onset = /^(y?[^aeiouy]*)[aeiouy]/.exec(after)?.[1];
    if (coda === undefined || onset === undefined) return undefined;
    return soundsOf(`${coda} ${onset}`, after.slice(onset.length));
  });
}

/** Small letters without accents; empty for other scripts. */
function lettersOf(text: string): string {
  return text
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-z]/g, '');
}

function soundsOf(consonants: string, rest: string): ExpectedSounds {
  // what h makes of the letter before it is one sound; gh is mostly silent
  const plain = consonants.replace(/sh|ch/g, 'j').replace(/th|ph/g, 'f').replace(/gh/g, '');
  const softC = /c(?=[eiy])/.test(`${plain}${rest.slice(0, 1)}`);
  const hardC = /c(?![eiy])/.test(`${plain}${rest.slice(0, 1)}`);
  return {
    sibilant: /[szxj]/.test(plain) || softC,
    plosive: /[ptkbdgqxj]/.test(plain) || hardC,
    weakFricative: /[fvh]/.test(plain),
  };
}
