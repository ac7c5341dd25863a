import { beforeEach, expect, test } from 'vitest';
import { FakeChannels } from '../../chat/testing/fakeChannel';
import { FakeClock } from '../../chat/testing/fakeClock';
import { ANSWER_TIMEOUT_MS } from '../calls/call';
import { Lane } from './lane';

let channels: FakeChannels;
let clock: FakeClock;

beforeEach(() => {
  channels = new FakeChannels();
  clock = new FakeClock();
});

async function joined(): Promise<Lane> {
  const lane = Lane.join(channels, 'race', 'race-1', clock);
  channels.current.join();
  return lane;
}

test('a message is acknowledged by its echo', async () => {
  const sent = (await joined()).send('m1', 'hi');
  channels.current.line(1n, 0n, { id: 'm1' });
  await expect(sent).resolves.toBeUndefined();
});

test('a refusal is thrown in the server’s words', async () => {
  const sent = (await joined()).send('m1', 'hi');
  channels.current.reject('m1', { reason: 'too fast' });
  await expect(sent).rejects.toThrow('too fast');
});

test('the end of the connection is thrown to all who wait, and to who comes later', async () => {
  const lane = await joined();
  const sent = lane.send('m1', 'hi');
  channels.current.end('server stopping');
  await expect(sent).rejects.toThrow('server stopping');
  await expect(lane.send('m2', 'hi')).rejects.toThrow('server stopping');
});

test('what is not answered in time fails, and no timer is left', async () => {
  const lane = await joined();
  const sent = lane.send('m1', 'hi');
  clock.advance(ANSWER_TIMEOUT_MS);
  await expect(sent).rejects.toThrow('no answer within 10 s');
  lane.close();
  expect(channels.current.closed).toBe(true);
  expect(clock.pendingTimers).toBe(0);
});
