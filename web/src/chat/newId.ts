/**
 * Makes the id of a message: the time in milliseconds, 48 bits, and 80 random ones, in hexadecimal. That ids ascend keeps
 * the server's index of them small. `crypto.randomUUID` is not used because its ids do not, and because browsers offer it
 * on secure origins only, and the page may be opened by plain HTTP from another machine.
 */
export function newId(): string {
  return hex(Date.now(), 12) + randomHex(10);
}

/** So many random bytes, in hexadecimal. */
export function randomHex(bytes: number): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => hex(byte, 2)).join('');
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
