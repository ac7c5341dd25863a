// Runs scripts that come as lines of JSON, `{ script, args }`, and prints what each returns, as `{ value }` or `{ error }`.
// They see the exports of a bundled client as `client`. Usage: node run-scripts.mjs BUNDLE
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';

// Node 20 has none of its own.
globalThis.WebSocket = WebSocket;
const client = createRequire(import.meta.url)(process.argv[2]);
const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor;

for await (const line of createInterface({ input: process.stdin })) {
  const { script, args } = JSON.parse(line);
  const result = await new AsyncFunction('client', 'args', script)(client, args).then(
    (value) => ({ value: value ?? null }),
    (error) => ({ error: String(error?.stack ?? error) }),
  );
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
