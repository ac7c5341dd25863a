// Says how much a first visit loads before the page can be used, and fails above the limit: `node src/demo/firstLoad.js`,
// after compress.js.
import { readFileSync, statSync } from 'node:fs';

/** The page's promise for its script, in bytes as they cross the network. */
const SCRIPT_LIMIT = 60_000;

const dist = new URL('../../dist/', import.meta.url);
const html = readFileSync(new URL('index.html', dist), 'utf8');
const compressed = (path) => statSync(new URL(`.${path}.gz`, dist)).size;
const referred = (pattern) =>
  [...html.matchAll(pattern)].reduce((sum, [, path]) => sum + compressed(path), 0);

const script = referred(/(?:src|href)="(\/assets\/[^"]+\.js)"/g);
const style = referred(/href="(\/assets\/[^"]+\.css)"/g);
process.stdout.write(
  `First load, by gzip -9: script ${script} B (limit ${SCRIPT_LIMIT}), style ${style} B, page ${compressed('/index.html')} B\n`,
);
if (script === 0 || script > SCRIPT_LIMIT) {
  process.exitCode = 1;
}
