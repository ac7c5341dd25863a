/*
 * How soon the page can be used: node e2e-tests/bench/first-load.mjs [--tls] [--rounds 15], after ./mvnw package -DskipTests.
 * Each round is a headless Chromium that was just started, with nothing in its cache, on a server that is warm. It
 * speaks with the browser by its DevTools protocol over a pipe, so that no driver gets in between.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values: options } = parseArgs({
  options: { tls: { type: 'boolean', default: false }, rounds: { type: 'string', default: '15' } },
});
const JAR = new URL('../../server/app/target/duplexer.jar', import.meta.url).pathname;

/** What the page's own clock says, in ms after the navigation began, once nothing has happened for a second. */
const FIGURES = `new Promise((resolve) => {
  const tasks = [];
  new PerformanceObserver((list) => tasks.push(...list.getEntries())).observe({ type: 'longtask', buffered: true });
  const look = () => {
    const usable = performance.getEntriesByName('usable')[0]?.startTime;
    const painted = performance.getEntriesByName('first-contentful-paint')[0]?.startTime;
    const connected = document.querySelectorAll('[data-state=connected]').length === 2;
    if (usable === undefined || painted === undefined || !connected) {
      setTimeout(look, 50);
      return;
    }
    const free = Math.max(0, ...tasks.map(({ startTime, duration }) => startTime + duration));
    const { responseEnd, domContentLoadedEventEnd } = performance.getEntriesByType('navigation')[0];
    resolve({ page: responseEnd, painted, usable, loaded: domContentLoadedEventEnd, interactive: Math.max(usable, painted, free) });
  };
  setTimeout(look, 1000);
})`;

async function main() {
  const { server, url } = await startServer();
  try {
    await measure(url);
    const rounds = [];
    for (let round = 0; round < Number(options.rounds); round++) {
      rounds.push(await measure(url));
    }
    for (const name of Object.keys(rounds[0])) {
      const sorted = rounds.map((figures) => figures[name]).sort((a, b) => a - b);
      const at = (share) => sorted[Math.floor(share * (sorted.length - 1))].toFixed(0).padStart(5);
      console.log(`${name.padEnd(12)} median ${at(0.5)} ms, least ${at(0)}, most ${at(1)}`);
    }
  } finally {
    server.kill();
  }
}

function startServer() {
  const flags = ['--port', '0', '--history', 'memory', ...(options.tls ? ['--tls-self-signed'] : [])];
  const server = spawn('java', ['-jar', JAR, ...flags], { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    let said = '';
    server.stdout.on('data', (data) => {
      said += data;
      const url = /https?:\/\/\S+/.exec(said)?.[0];
      if (url) resolve({ server, url });
    });
    server.on('exit', (code) => reject(new Error(`the server ended with ${code}: ${said}`)));
  });
}

async function measure(url) {
  const profile = mkdtempSync(join(tmpdir(), 'first-load-'));
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--ignore-certificate-errors'];
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync'];
  const browser = spawn(
    process.env.CHROMIUM ?? 'chromium',
    [...flags, ...quiet, '--window-size=1280,900', '--remote-debugging-pipe', `--user-data-dir=${profile}`, 'about:blank'],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
  );
  const ended = new Promise((resolve) => browser.on('exit', resolve));
  const call = devTools(browser);
  try {
    const { targetInfos } = await call('Target.getTargets');
    const { targetId } = targetInfos.find(({ type }) => type === 'page');
    const { sessionId } = await call('Target.attachToTarget', { targetId, flatten: true });
    await call('Page.enable', {}, sessionId);
    await call('Page.navigate', { url }, sessionId);
    const { result } = await call(
      'Runtime.evaluate',
      { expression: FIGURES, awaitPromise: true, returnByValue: true },
      sessionId,
    );
    return result.value;
  } finally {
    call('Browser.close');
    await ended;
    // Its helpers may still be writing.
    rmSync(profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }
}

/** Commands to the browser: JSON, each ended by a zero byte. */
function devTools({ stdio: [, , , commands, answers] }) {
  const waiting = new Map();
  let rest = '';
  answers.on('data', (data) => {
    const messages = (rest + data).split('\0');
    rest = messages.pop();
    for (const { id, result, error } of messages.map((message) => JSON.parse(message))) {
      const { resolve, reject } = waiting.get(id) ?? {};
      waiting.delete(id);
      if (error) reject?.(new Error(error.message));
      else resolve?.(result);
    }
  });
  let last = 0;
  return (method, params = {}, sessionId = undefined) =>
    new Promise((resolve, reject) => {
      waiting.set(++last, { resolve, reject });
      commands.write(`${JSON.stringify({ id: last, method, params, sessionId })}\0`);
    });
}

await main();
