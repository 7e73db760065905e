import { InputError } from '@alignsts/signal';

/**
 * What a CTC head can write. Symbol 0 is the blank. The first list is wav2vec2-base-960h's, in its order (spec B7), so that logits of both
 * encoders mean the same; the second holds the phones eSpeak NG writes for English, British and American.
 */
export const CHARACTERS: readonly string[] = [...['<pad>', '<s>', '</s>', '<unk>', '|'], ..."ETAONIHSRDLUMWCFGYPBVK'XJQZ"];

/** Blank, gap between words, then consonants and vowels; stress is not written. */
export const PHONES: readonly string[] = [
  ...['<pad>', '|'],
  ...'b d f h j k l m n p s t v w x z ð ŋ ɡ ɹ ɾ ʃ ʒ ʔ θ tʃ dʒ n̩ əl'.split(' '),
  ...'a aɪ aɪə aʊ æ ɐ ɑː ɑːɹ ɒ ɔ ɔː ɔːɹ ɔɪ e eə eɪ ɛ ɛɹ ə əʊ ɚ ɜː ɪ ɪə ɪɹ i iː iə oʊ oːɹ ʊ ʊə ʊɹ u uː ʌ ᵻ'.split(' '),
];

export const BLANK = 0;

/**
 * The ids of a text's characters, words apart by one gap and no gap at the ends.
 * @throws InputError when the text has digits, whose words are not known here, or no letters
 * @example characterIds("It's me").map((id) => CHARACTERS[id]).join('') // "IT'S|ME"
 */
export function characterIds(text: string): number[] {
  const written = text
    .normalize('NFKD')
    .toUpperCase()
    .replaceAll('’', "'")
    .replace(/[^A-Z' ]+/g, ' ')
    .trim()
    .replace(/ +/g, '|');
  if (/\d/.test(text) || !/[A-Z]/.test(written)) {
    throw new InputError(`"${text}" has ${/\d/.test(text) ? 'digits' : 'no letters from A to Z'}. Write it in words, numbers too.`);
  }
  return [...written].map((character) => CHARACTERS.indexOf(character));
}

/**
 * The ids of phones in IPA, the longest match first; stress is dropped, and length, nasal and palatal marks that no phone has are passed over.
 * @throws InputError when a sign is in no phone
 * @example phoneIds('kæt').map((id) => PHONES[id]) // ['k', 'æ', 't']
 */
export function phoneIds(ipa: string): number[] {
  const text = ipa.normalize('NFD').replace(/[ˈˌ]/g, '').trim().replace(/\s+/g, '|');
  const ids: number[] = [];
  for (let at = 0; at < text.length; ) {
    const id = longestAt(text, at);
    if (id !== undefined) {
      ids.push(id);
      at += PHONES[id]!.length;
    } else if ('ː\u0303ʲ'.includes(text[at]!)) at++;
    else throw new InputError(`"${text[at]}" in "${ipa}" is in no phone of the list. The phones are ${PHONES.slice(2).join(' ')}.`);
  }
  return ids;
}

function longestAt(text: string, at: number): number | undefined {
  let longest: number | undefined;
  for (let id = BLANK + 1; id < PHONES.length; id++) {
    const { length } = PHONES[id]!;
    if (text.startsWith(PHONES[id]!, at) && (longest === undefined || length > PHONES[longest]!.length)) longest = id;
  }
  return longest;
}

/** The symbols as text, gaps as spaces. @example textOf([11, 6, 4], CHARACTERS) // 'HT ' */
export function textOf(ids: readonly number[], symbols: readonly string[]): string {
  return ids.map((id) => (symbols[id] === '|' ? ' ' : (symbols[id] ?? ''))).join('');
}
