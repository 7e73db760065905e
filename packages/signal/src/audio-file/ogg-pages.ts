/** Ogg pages and the packets in them (RFC 3533). */
export type OggPage = {
  /** The packets that end on this page; one may have begun on pages before. */
  packets: Uint8Array[];
  /** The codec's time at the end of the last of these packets; undefined where no packet ends. */
  granule: number | undefined;
  first: boolean;
  last: boolean;
  /** True when pages are missing before this one. */
  afterGap: boolean;
};

/**
 * The pages of the first logical stream whose first packet `accepts` takes. Pages with a wrong checksum are left out; a cut last page gives the
 * packets that are whole.
 */
export function* oggPages(bytes: Uint8Array, accepts: (firstPacket: Uint8Array) => boolean): Generator<OggPage> {
  let serial: number | undefined;
  let sequence = 0;
  let open: Uint8Array[] = [];
  let good = 0;
  let bad = 0;
  let at = 0;
  // every false page costs the checksum of up to 64 KB: a file made of them would take for ever
  while (at < bytes.length && bad <= 1000 + good) {
    const page = pageAt(bytes, at);
    if (page === undefined) {
      bad++;
      at = findCapture(bytes, at + 1);
      continue;
    }
    good++;
    at = page.end;
    const parts = splitPackets(bytes, page);
    if (serial === undefined) {
      if (!page.first || page.continued || parts[0]?.whole !== true || !accepts(parts[0].data)) continue;
      serial = page.serial;
      sequence = page.sequence;
    }
    if (page.serial !== serial) continue;
    const afterGap = page.sequence !== sequence;
    sequence = (page.sequence + 1) >>> 0;
    // after a gap the beginning of the packet that was open is lost with the pages
    if (afterGap || !page.continued) open = [];
    const packets: Uint8Array[] = [];
    for (const [i, part] of parts.entries()) {
      const orphan = i === 0 && page.continued && open.length === 0;
      if (!part.whole) {
        if (!orphan) open.push(part.data);
        continue;
      }
      if (!orphan) packets.push(open.length === 0 ? part.data : concat([...open, part.data]));
      open = [];
    }
    yield { packets, granule: page.granule, first: page.first, last: page.last, afterGap };
    if (page.last) return;
  }
}

type RawPage = {
  continued: boolean;
  first: boolean;
  last: boolean;
  granule: number | undefined;
  serial: number;
  sequence: number;
  /** Where the table of segment lengths starts, how many there are, where the page ends. */
  table: number;
  segmentCount: number;
  end: number;
};

function pageAt(bytes: Uint8Array, at: number): RawPage | undefined {
  if (at + 27 > bytes.length || bytes[at] !== 0x4f || bytes[at + 1] !== 0x67 || bytes[at + 2] !== 0x67 || bytes[at + 3] !== 0x53)
    return undefined;
  if (bytes[at + 4] !== 0) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, 27);
  const segmentCount = bytes[at + 26]!;
  const table = at + 27;
  if (table + segmentCount > bytes.length) return undefined;
  let end = table + segmentCount;
  for (let i = 0; i < segmentCount; i++) end += bytes[table + i]!;
  const cut = end > bytes.length;
  // a cut page cannot prove itself by its checksum, but only one can be cut and nothing follows it
  if (!cut && pageCrc(bytes, at, end) !== view.getUint32(22, true)) return undefined;
  const granule = Number(view.getBigInt64(6, true));
  const flags = bytes[at + 5]!;
  return {
    continued: (flags & 1) !== 0,
    first: (flags & 2) !== 0,
    last: (flags & 4) !== 0 && !cut,
    granule: granule < 0 || cut ? undefined : granule,
    serial: view.getUint32(14, true),
    sequence: view.getUint32(18, true),
    table,
    segmentCount,
    end: Math.min(end, bytes.length),
  };
}

/** A packet is segments of 255 bytes up to the first shorter one; the last part of a page may go on in the next. */
function splitPackets(bytes: Uint8Array, page: RawPage): { data: Uint8Array; whole: boolean }[] {
  const parts: { data: Uint8Array; whole: boolean }[] = [];
  let start = page.table + page.segmentCount;
  let end = start;
  for (let i = 0; i < page.segmentCount; i++) {
    const size = bytes[page.table + i]!;
    end += size;
    if (end > bytes.length) return parts;
    if (size < 255 || i === page.segmentCount - 1) {
      parts.push({ data: bytes.subarray(start, end), whole: size < 255 });
      start = end;
    }
  }
  return parts;
}

function findCapture(bytes: Uint8Array, at: number): number {
  for (; at + 4 <= bytes.length; at++) {
    if (bytes[at] === 0x4f && bytes[at + 1] === 0x67 && bytes[at + 2] === 0x67 && bytes[at + 3] === 0x53) return at;
  }
  return bytes.length;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc < 0 ? 0x04c11db7 : 0);
  return crc;
});

/** CRC-32 of the page with its own checksum field taken as 0. */
function pageCrc(bytes: Uint8Array, at: number, end: number): number {
  let crc = 0;
  for (let i = at; i < end; i++) {
    const byte = i >= at + 22 && i < at + 26 ? 0 : bytes[i]!;
    crc = (crc << 8) ^ CRC_TABLE[((crc >>> 24) ^ byte) & 255]!;
  }
  return crc >>> 0;
}

function concat(parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
