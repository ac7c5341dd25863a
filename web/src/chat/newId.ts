/**
 * Makes the id of a message: 128 random bits in hexadecimal. `crypto.randomUUID` is not used because browsers
 * offer it on secure origins only, and the page may be opened by plain HTTP from another machine.
 */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
