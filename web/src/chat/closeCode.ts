/** The WebSocket close codes (RFC 6455, section 7.4.1) after which the same attempt would fail again. */
const FINAL_CODES = new Map([
  [1002, 'protocol error'],
  [1003, 'the kind of data is not accepted'],
  [1007, 'the data is malformed'],
  [1008, 'against the server’s rules'],
  [1009, 'the message is too big'],
  [1010, 'an extension is missing'],
]);

const PASSING_CODES = new Map([
  [1000, 'closed by the server'],
  [1001, 'the server is going away'],
  [1005, 'closed without a code'],
  [1006, 'the connection was lost or could not be made'],
  [1011, 'the server met an unexpected condition'],
  [1012, 'the server is restarting'],
  [1013, 'the server is busy'],
]);

/** Whether to connect again after this close code. The server keeps 3500 to 3999 for closes that are final. */
export function mayReconnectAfter(closeCode: number): boolean {
  return !FINAL_CODES.has(closeCode) && !(closeCode >= 3500 && closeCode <= 3999);
}

/** Says in words why a WebSocket closed: the server's own reason where it gave one. */
export function describeClose(closeCode: number, reason: string): string {
  const words = reason || FINAL_CODES.get(closeCode) || PASSING_CODES.get(closeCode);
  return words ? `${words} (close code ${closeCode})` : `close code ${closeCode}`;
}
