/**
 * Building SVG text. Strings given as children become escaped text and attribute values are escaped, so nothing that a user wrote
 * (lyrics, file names, labels) can become markup; markup comes only from `element`.
 */
export type Markup = { readonly markup: string };

export type Attributes = Record<string, string | number | undefined>;

/** @example element('text', { x: 1.004 }, 'a < b').markup // '<text x="1">a &lt; b</text>' */
export function element(name: string, attributes: Attributes = {}, ...children: (Markup | string)[]): Markup {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? decimal(value) : escapeText(value!)}"`)
    .join('');
  const inside = children.map((child) => (typeof child === 'string' ? escapeText(child) : child.markup)).join('');
  return { markup: inside === '' ? `<${name}${written}/>` : `<${name}${written}>${inside}</${name}>` };
}

/**
 * Text made safe for the inside of elements and of quoted attributes, in HTML and XML. Characters that XML 1.0 forbids even when escaped
 * (control characters, halves of surrogate pairs) become U+FFFD.
 *
 * @example escapeText('<b>"R&B"</b>') // '&lt;b&gt;&quot;R&amp;B&quot;&lt;/b&gt;'
 */
export function escapeText(text: string): string {
  return text.replace(FORBIDDEN, '\uFFFD').replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

// biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these are to be found
const FORBIDDEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/gu;

/** Hundredths are finer than a screen shows; what is not finite has no place and becomes 0. @example decimal(1.239) // '1.24' */
export function decimal(value: number): string {
  return Number.isFinite(value) ? String(Math.round(value * 100) / 100 + 0) : '0';
}
