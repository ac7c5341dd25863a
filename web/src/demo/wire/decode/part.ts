/** A part of a frame and what it means. */
export interface Part {
  /** The name: of a field, of a part of the protocol. */
  readonly label: string;
  /** The value in words; empty where the parts below say it all. */
  readonly value: string;
  /** Where its bytes are in the frame: from `start`, up to but not including `end`. */
  readonly start: number;
  readonly end: number;
  readonly parts?: readonly Part[];
}

/** A part as long as `bytes`, from `start`. */
export function partOf(label: string, value: string, start: number, bytes: Uint8Array | number): Part {
  return { label, value, start, end: start + (typeof bytes === 'number' ? bytes : bytes.byteLength) };
}
