import { InputError } from '@alignsts/signal';
import { SaxesParser } from 'saxes';

/**
 * XML as a stream of small trees: only the elements asked for are built, one at a time, so a large score needs the memory of one
 * measure. A document type declaration that names an external DTD is accepted and never fetched, as every MusicXML file before
 * version 4 has one; an internal subset, the place where entities are declared, is refused, and with it every entity bomb.
 */
export type XmlElement = {
  name: string;
  attributes: Record<string, string>;
  children: XmlElement[];
  /** Character data directly inside, trimmed. */
  text: string;
};

export type XmlHandlers = {
  /** Called when an element opens that is neither captured nor inside a captured one. */
  onOpen?: (name: string, attributes: Record<string, string>, depth: number) => void;
  /** Which elements to build as trees; each is handed over when it closes. The root has depth 1. */
  captures: (name: string) => boolean;
  onElement: (element: XmlElement) => void;
};

const DEEPEST = 64;
const MOST_ELEMENTS = 4_000_000;
const MOST_IN_ONE_TREE = 200_000;
const SLICE = 65_536; // characters: errors and limits come early

/** @throws InputError where the text is not well-formed XML, has an internal DTD subset, or passes a limit. */
export function readXml(text: string, { onOpen, captures, onElement }: XmlHandlers): void {
  const parser = new SaxesParser<{ xmlns: false; position: true }>({ xmlns: false, position: true });
  const open: XmlElement[] = []; // the captured element and its descendants that are open
  let depth = 0;
  let elements = 0;
  let inTree = 0;
  parser.on('error', (error) => {
    throw new InputError(
      `the XML is damaged at line ${parser.line}, column ${parser.column}: ${error.message.replace(/^\d+:\d+: /, '')} Export the score again.`,
    );
  });
  parser.on('doctype', (doctype) => {
    if (doctype.includes('[')) {
      throw new InputError(
        'the XML declares entities or elements of its own (a DTD with an internal subset), which is not allowed in a score. Remove the part in square brackets of its DOCTYPE.',
      );
    }
  });
  parser.on('opentag', (tag) => {
    if (++elements > MOST_ELEMENTS)
      throw new InputError(`the score has more than ${MOST_ELEMENTS} XML elements. Export only the part that is to be sung.`);
    if (++depth > DEEPEST)
      throw new InputError(`the XML is nested deeper than ${DEEPEST} levels, which no score is. Export the score again.`);
    const parent = open.at(-1);
    if (!parent && !captures(tag.name)) {
      onOpen?.(tag.name, tag.attributes, depth);
      return;
    }
    inTree = parent ? inTree + 1 : 1;
    if (inTree > MOST_IN_ONE_TREE)
      throw new InputError(`a <${open[0]!.name}> of the score has more than ${MOST_IN_ONE_TREE} elements. Export the score again.`);
    const element: XmlElement = { name: tag.name, attributes: tag.attributes, children: [], text: '' };
    parent?.children.push(element);
    open.push(element);
  });
  const addText = (characters: string): void => {
    const element = open.at(-1);
    if (element) element.text += characters;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('closetag', () => {
    depth--;
    const element = open.pop();
    if (!element) return;
    element.text = element.text.trim();
    if (open.length === 0) onElement(element);
  });
  for (let start = 0; start < text.length; start += SLICE) parser.write(text.slice(start, start + SLICE));
  parser.close();
}

/** The first child with a name. */
export function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((child) => child.name === name);
}

export function childrenOf(element: XmlElement | undefined, name: string): XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

/** The number a child holds, if it is there and finite. */
export function numberIn(element: XmlElement | undefined, name: string): number | undefined {
  const text = childOf(element, name)?.text;
  const value = text === undefined || text === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}
