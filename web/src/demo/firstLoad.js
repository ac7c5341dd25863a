// Says how much a first visit loads before the page can be used, and fails above the limit: `node src/demo/firstLoad.js`.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

/** The page's promise for its script, in bytes as they cross the network. */
const SCRIPT_LIMIT = 60_000;

const dist = new URL('../../dist/', import.meta.url);
const read = (path) => readFileSync(new URL(`.${path}`, dist));
const html = read('/index.html');
const referred = (pattern) => [...String(html).matchAll(pattern)].map(([, path]) => read(path));
const compressed = (files) => files.reduce((sum, file) => sum + gzipSync(file, { level: 9 }).length, 0);

const script = compressed(referred(/(?:src|href)="(\/assets\/[^"]+\.js)"/g));
const style = compressed(referred(/href="(\/assets\/[^"]+\.css)"/g));
process.stdout.write(
  `First load, by gzip -9: script ${script} B (limit ${SCRIPT_LIMIT}), style ${style} B, page ${compressed([html])} B\n`,
);
if (script === 0 || script > SCRIPT_LIMIT) {
  process.exitCode = 1;
}
