// Builds the npm package of the transport into target/transport, packs it, and checks what was packed: the files, the
// types, the size, and that it works from where npm would put it. Run by `npm run pack:transport`.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

const SOURCE = import.meta.dirname;
const WEB = join(SOURCE, '../../..');
const TARGET = join(WEB, 'target/transport');
const PACKAGE = join(TARGET, 'package');
const NAME = '@duplexer/grpc-websocket-transport';
const CONSUMER = join(TARGET, 'consumer');
const INSTALLED = join(CONSUMER, 'node_modules', NAME);

/** Limits; what is reached today is in web/README.md. */
const MAX_TARBALL_BYTES = 20_000;
const MAX_SCRIPT_GZIP_BYTES = 5_000;

function check(condition, problem) {
  if (!condition) {
    throw new Error(`transport package: ${problem}`);
  }
}

function run(command, args, cwd) {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

const tsc = (project) =>
  run(process.execPath, [join(WEB, 'node_modules/typescript/bin/tsc'), '-p', project], WEB);

function pack() {
  rmSync(TARGET, { recursive: true, force: true });
  mkdirSync(PACKAGE, { recursive: true });
  tsc(join(SOURCE, 'tsconfig.json'));
  for (const file of ['package.json', 'README.md']) {
    copyFileSync(join(SOURCE, file), join(PACKAGE, file));
  }
  copyFileSync(join(WEB, '../LICENSE'), join(PACKAGE, 'LICENSE'));
  const [packed] = JSON.parse(
    run('npm', ['pack', '--json', '--silent', '--pack-destination', TARGET], PACKAGE),
  );
  return packed;
}

/** Exactly the sources without specs and what they use, each as script and types. */
function checkFiles(packed) {
  const modules = readdirSync(join(SOURCE, '..'))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))
    .map((name) => name.slice(0, -'.ts'.length));
  const expected = ['LICENSE', 'README.md', 'package.json'].concat(
    modules.flatMap((name) => [`dist/${name}.d.ts`, `dist/${name}.js`]),
  );
  const actual = packed.files.map(({ path }) => path);
  check(
    String(actual.toSorted()) === String(expected.toSorted()),
    `files: ${actual.toSorted()} (expected: ${expected.toSorted()})`,
  );
  check(packed.size <= MAX_TARBALL_BYTES, `${packed.size} bytes (expected: at most ${MAX_TARBALL_BYTES})`);
  for (const path of actual.filter((path) => path.startsWith('dist/'))) {
    for (const [, from] of readFileSync(join(PACKAGE, path), 'utf8').matchAll(
      /(?:from |import\()'([^']+)'/g,
    )) {
      const allowed = /^(@connectrpc\/connect|@bufbuild\/protobuf)(\/|$)|^\.\/\w+\.js$/.test(from);
      check(allowed, `${path} imports ${from} (expected: its neighbours and the peer dependencies)`);
    }
  }
}

/** Installs it by unpacking, as its peers are already in a folder above. */
function install(packed) {
  mkdirSync(INSTALLED, { recursive: true });
  run('tar', ['-xzf', join(TARGET, packed.filename), '-C', INSTALLED, '--strip-components=1'], TARGET);
}

const USE = `import { createGrpcWebSocketTransport, type GrpcWebSocketTransportOptions } from '${NAME}';
import type { Transport } from '@connectrpc/connect';
const options: GrpcWebSocketTransportOptions = { baseUrl: '/', webSocket: WebSocket };
export const transport: Transport = createGrpcWebSocketTransport(options);
// @ts-expect-error the types are really there: an option that does not exist is an error
createGrpcWebSocketTransport({ baseUrl: '/', noSuchOption: true });
`;

function checkTypes() {
  const compilerOptions = {
    strict: true,
    noEmit: true,
    target: 'ES2023',
    lib: ['ES2023', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'],
    module: 'NodeNext',
    types: [],
  };
  writeFileSync(join(CONSUMER, 'package.json'), JSON.stringify({ type: 'module' }));
  writeFileSync(join(CONSUMER, 'use.ts'), USE);
  writeFileSync(join(CONSUMER, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['use.ts'] }));
  tsc(join(CONSUMER, 'tsconfig.json'));
}

function checkImport() {
  const script = `import * as transport from '${NAME}'; process.stdout.write(Object.keys(transport).join());`;
  const exported = run(process.execPath, ['--input-type=module', '-e', script], CONSUMER);
  check(exported === 'createGrpcWebSocketTransport', `exports ${exported} in Node`);
}

/** The script that a bundler makes of `source`, without the peers. */
async function bundle(source) {
  const entry = join(CONSUMER, 'entry.js');
  writeFileSync(entry, source);
  const [{ output }] = await build({
    root: CONSUMER,
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: true,
      target: 'es2022',
      lib: { entry, formats: ['es'] },
      rolldownOptions: {
        external: /^@(connectrpc|bufbuild)\//,
        treeshake: { moduleSideEffects: 'no-external' },
      },
    },
  });
  return output[0].code;
}

async function checkBundle() {
  const unused = await bundle(
    `import { createGrpcWebSocketTransport } from '${NAME}'; export const one = 1;`,
  );
  check(!unused.includes('WebSocket'), `an unused import leaves ${unused.length} bytes (expected: none)`);
  const gzipBytes = gzipSync(await bundle(`export * from '${NAME}';`), { level: 9 }).length;
  check(gzipBytes <= MAX_SCRIPT_GZIP_BYTES, `${gzipBytes} bytes minified and compressed`);
  return gzipBytes;
}

const packed = pack();
checkFiles(packed);
install(packed);
checkTypes();
checkImport();
const gzipBytes = await checkBundle();
process.stdout.write(
  `${packed.filename}: ${packed.files.length} files, ${packed.size} bytes; in a page ${gzipBytes} bytes, compressed\n`,
);
