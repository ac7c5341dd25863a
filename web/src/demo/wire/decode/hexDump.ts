/** A row of a hex dump: where it begins, its bytes, and what of them is printable ASCII. */
export interface HexRow {
  readonly offset: string;
  readonly bytes: readonly string[];
  readonly text: readonly string[];
}

/** Lays bytes out in rows. */
export function hexRows(bytes: Uint8Array, rowBytes = 16): HexRow[] {
  const rows: HexRow[] = [];
  for (let offset = 0; offset < bytes.byteLength; offset += rowBytes) {
    const row = [...bytes.subarray(offset, offset + rowBytes)];
    rows.push({
      offset: offset.toString(16).padStart(4, '0'),
      bytes: row.map((byte) => byte.toString(16).padStart(2, '0')),
      text: row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')),
    });
  }
  return rows;
}

/** The dump as text, for the clipboard. */
export function hexText(bytes: Uint8Array): string {
  return hexRows(bytes)
    .map(({ offset, bytes: row, text }) => `${offset}  ${row.join(' ').padEnd(47)}  ${text.join('')}`)
    .join('\n');
}
