/**
 * How figures look: dark ink on white, thin lines, colours of Okabe & Ito 2008 (told apart by the colour-blind), one family of letters.
 * The first family is the one the product rasterises with; the others have nearly its widths.
 */
export const FONT = "'DejaVu Sans', Verdana, Geneva, sans-serif";

export const SIZE = { title: 19, subtitle: 12.5, panel: 13, label: 12, tick: 11, small: 9.5 } as const;

export const COLOUR = {
  paper: '#ffffff',
  ink: '#1b1f24',
  muted: '#5b6570',
  frame: '#9aa3ad',
  grid: '#e6e9ed',
  band: '#f4f5f7',
  blue: '#0072b2',
  vermillion: '#d55e00',
  noteFill: '#d3e6f5',
  noteEdge: '#6da3cc',
  vowelFill: '#fbe3c8',
  vowelEdge: '#d9a05f',
  consonantFill: '#d5ebe3',
  consonantEdge: '#7db9a4',
  silenceFill: '#f0f1f3',
  silenceEdge: '#c4cad1',
} as const;

/**
 * About how wide a text is in the figures' font, within a few per cent for Latin text: layouts need no more than that. Widths are
 * those of DejaVu Sans in classes; characters of the East Asian scripts fill their square.
 */
export function textWidth(text: string, size: number): number {
  let ems = 0;
  for (const character of text) ems += (WIDTHS.find(([characters]) => characters.test(character)) ?? WIDTHS.at(-1)!)[1];
  return ems * size;
}

/** The text itself where it fits into a width, else its beginning with an ellipsis. */
export function fitText(text: string, size: number, width: number): string {
  if (textWidth(text, size) <= width) return text;
  let kept = '';
  let reached = textWidth('\u2026', size);
  for (const character of text) {
    reached += textWidth(character, size);
    if (reached > width) break;
    kept += character;
  }
  return `${kept.trimEnd()}\u2026`;
}

const WIDTHS: readonly [RegExp, number][] = [
  [/[ijlI.,:;'|\u2018\u2019]/u, 0.3],
  [/[ftr()[\]\- ]/u, 0.38],
  [/[ckszvxyJ]/u, 0.56],
  [/[mwMW%@]/u, 0.92],
  [/[A-Z]/u, 0.69],
  [/[\u1100-\u11FF\u2E80-\uA4CF\uAC00-\uD7AF\uF900-\uFAFF\uFF00-\uFF60\u{1F000}-\u{3FFFF}]/u, 1],
  [/./u, 0.63],
];
