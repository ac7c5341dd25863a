import { defineConfig } from 'vitest/config';

/** Where `npm run dev` sends what only the server can answer; the Host stays, as the server compares it with Origin. */
const SERVER = { target: 'http://127.0.0.1:8080', changeOrigin: false, ws: true };

export default defineConfig({
  base: '/',
  resolve: {
    // The snippets on the page import the transport by the name of its package.
    alias: {
      '@duplexer/grpc-websocket-transport': new URL('src/transport/index.ts', import.meta.url).pathname,
    },
  },
  build: {
    // The server caches assets/ for a year: everything in it carries its hash, nothing is inlined (strict CSP).
    assetsDir: 'assets',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // All that is needed at once in one script: one request, and nothing of it waits for another.
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: 'page', tags: ['$initial'] }] } },
    },
    // The licences of the packages inside the script go out with it; their texts, which the packages lack, are in public/licenses.
    license: { fileName: 'licenses.md' },
  },
  server: {
    host: '127.0.0.1',
    proxy: {
      '/duplexer.chat.v1.ChatService': SERVER,
      '/ws': SERVER,
      '/docs': SERVER,
    },
  },
  test: {
    include: ['src/**/*.spec.ts'],
    environment: 'node',
    isolate: false,
  },
});
