/**
 * The word that a misspelt one was probably meant to be: least Damerau-Levenshtein distance (optimal string alignment), at most a
 * third of its length, so that nonsense gets no suggestion.
 *
 * @example closestWord('melodie', ['melody', 'tempo']) // 'melody'
 */
export function closestWord(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

function editDistance(a: string, b: string): number {
  const width = b.length + 1;
  const cost = new Uint16Array((a.length + 1) * width); // [a + 1, b + 1]
  for (let i = 0; i <= a.length; i++) cost[i * width] = i;
  for (let j = 0; j <= b.length; j++) cost[j] = j;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(cost[(i - 1) * width + j]! + 1, cost[i * width + j - 1]! + 1, cost[(i - 1) * width + j - 1]! + change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, cost[(i - 2) * width + j - 2]! + 1);
      cost[i * width + j] = least;
    }
  }
  return cost[a.length * width + b.length]!;
}
