// Bundles the clients that the tests run both in Node and in a browser, into target/javascript. `npm run build` runs it.
import { build } from 'esbuild';

const clients = ['chat', 'connect', 'improbable', 'nice'];

const common = {
  entryPoints: clients.map((name) => `src/test/javascript/${name}.mjs`),
  bundle: true,
  logLevel: 'warning',
  // What the transport's sources need is installed beside them; there must be one copy of it.
  nodePaths: ['../web/node_modules'],
};

await build({ ...common, outdir: 'target/javascript/browser', format: 'iife', globalName: 'client' });
await build({
  ...common,
  outdir: 'target/javascript/node',
  outExtension: { '.js': '.cjs' },
  platform: 'node',
  format: 'cjs',
});
