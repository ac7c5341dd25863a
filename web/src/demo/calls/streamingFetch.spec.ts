import { afterEach, expect, test, vi } from 'vitest';
import { WireLog } from '../wire/wireLog';
import { CallRun } from './callRun';
import { ScratchRoom } from './scratchRoom';
import { attemptStreamingFetches } from './streamingFetch';

afterEach(() => {
  vi.unstubAllGlobals();
});

test('where the browser sends something else than the stream, nothing is drawn and nothing proved', async () => {
  vi.stubGlobal('location', { href: 'http://chat.test/' });
  vi.stubGlobal('fetch', async () => new Response('what is [object ReadableStream]?'));
  const run = new CallRun(new WireLog(), 'a spec');
  const attempts = await attemptStreamingFetches('Chat', new ScratchRoom(run.grpcWeb()), run);
  expect(attempts).toHaveLength(3);
  for (const { outcome, words, timeline, proof } of attempts) {
    expect([outcome, timeline, proof]).toEqual(['refused', undefined, undefined]);
    expect(words).toContain('never read the stream');
  }
});
