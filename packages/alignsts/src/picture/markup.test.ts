import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { expect, test } from 'vitest';
import { decimal, element, escapeText } from './markup.ts';

/** The text of a document as an XML parser reads it; throws when it is not well-formed. */
function parse(xml: string): { text: string; attribute: string | undefined; elements: string[] } {
  const parser = new SaxesParser();
  const result: { text: string; attribute: string | undefined; elements: string[] } = { text: '', attribute: undefined, elements: [] };
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('text', (text) => {
    result.text += text;
  });
  parser.on('opentag', ({ name, attributes }) => {
    result.elements.push(name);
    result.attribute = attributes['label'] ?? result.attribute;
  });
  parser.write(xml).close();
  return result;
}

// any 16-bit units, so halves of surrogate pairs and control characters too
const anyText = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0, max: 0x7f })), { maxLength: 30 })
  .map((units) => String.fromCharCode(...units));

test('whatever a user writes stays text, in elements and in attributes', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const xml = element('text', { label: text }, text, element('b')).markup;
      const { elements, ...read } = parse(xml);
      expect(elements).toEqual(['text', 'b']);
      // XML readers turn every line end into \n, and in attributes every white space into a space
      const clean = text.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD');
      expect(read.text).toBe(clean.replace(/\r\n?/g, '\n'));
      expect(read.attribute).toBe(clean.replace(/\r\n?/g, '\n').replace(/[\t\n]/g, ' '));
    }),
    { examples: [['</text><script>alert(1)</script>'], ['" onload="x'], ["'"], [']]>'], ['\u0000\ud800\uffff'], ['&#60;'], ['&amp;lt;']] },
  );
});

test('numbers are written in hundredths, and nothing that is not finite gets out', () => {
  expect([1.239, -0.001, 100, Number.NaN, Number.NEGATIVE_INFINITY, 1e-9].map(decimal)).toEqual(['1.24', '0', '100', '0', '0', '0']);
  expect(element('rect', { x: 0.5, fill: undefined, stroke: 'red' }).markup).toBe('<rect x="0.5" stroke="red"/>');
});

test('every character that means something to HTML or XML is replaced', () => {
  expect(escapeText(`<a href='x' title="y">&`)).toBe('&lt;a href=&#39;x&#39; title=&quot;y&quot;&gt;&amp;');
});
