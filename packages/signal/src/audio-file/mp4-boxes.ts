/** The boxes of an MP4 or QuickTime file (ISO/IEC 14496-12 §4.2). A box never reaches beyond the one that holds it, whatever its size says. */
export type Mp4Box = {
  type: string;
  /** First byte of the contents, and the first behind them. */
  start: number;
  end: number;
};

export function* mp4Boxes(view: DataView, start: number, end: number): Generator<Mp4Box> {
  let at = start;
  while (at + 8 <= end) {
    let size = view.getUint32(at);
    let header = 8;
    if (size === 1 && at + 16 <= end) {
      size = Number(view.getBigUint64(at + 8));
      header = 16;
    } else if (size === 0) size = end - at;
    if (size < header) return;
    const type = String.fromCharCode(view.getUint8(at + 4), view.getUint8(at + 5), view.getUint8(at + 6), view.getUint8(at + 7));
    yield { type, start: at + header, end: Math.min(at + size, end) };
    at += size;
  }
}

/** The first box at a path such as ['mdia', 'minf'] inside `parent`. */
export function findMp4Box(view: DataView, parent: { start: number; end: number }, ...path: string[]): Mp4Box | undefined {
  let found: { start: number; end: number } | undefined = parent;
  for (const type of path) {
    let next: Mp4Box | undefined;
    for (const box of mp4Boxes(view, found.start, found.end)) {
      if (box.type === type) {
        next = box;
        break;
      }
    }
    if (next === undefined) return undefined;
    found = next;
  }
  return found as Mp4Box;
}
