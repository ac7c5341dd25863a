import { beforeEach, expect, test } from 'vitest';
import { FakeChannels } from '../../chat/testing/fakeChannel';
import { FakeClock } from '../../chat/testing/fakeClock';
import { ANSWER_TIMEOUT_MS } from './call';
import { ScratchSession } from './scratchSession';

let channels: FakeChannels;
let clock: FakeClock;

beforeEach(() => {
  channels = new FakeChannels();
  clock = new FakeClock();
});

const join = () => ScratchSession.join(channels, { userId: 'demo', name: 'demo-1' }, 10, clock);

/** A session whose join was answered. */
function joined(): Promise<ScratchSession> {
  const session = join();
  channels.current.join();
  return session;
}

test('it joins with the history that was asked for', async () => {
  await joined();
  expect(channels.current.request).toMatchObject({ userId: 'demo', room: 'demo-1', join: { history: 10 } });
});

test('lines are read in order, whether they came before or after they were asked for', async () => {
  const session = await joined();
  channels.current.line(1n, 0n);
  const first = await session.nextLine();
  const second = session.nextLine();
  channels.current.receive({ event: { case: 'typing', value: {} } });
  channels.current.line(2n, 1n);
  expect([first.sequence, (await second).sequence]).toEqual([1n, 2n]);
});

test('what is sent goes out on the channel', async () => {
  const session = await joined();
  session.send('m1', 'hi');
  expect(channels.current.sent).toEqual([{ id: 'm1', content: 'hi' }]);
});

test('a refusal is thrown in the server’s words', async () => {
  const session = await joined();
  channels.current.reject('m1', { reason: 'content: too long' });
  await expect(session.nextLine()).rejects.toThrow('content: too long');
});

test('the end of the channel is thrown to who waits and to who asks later', async () => {
  const session = await joined();
  const line = session.nextLine();
  channels.current.end('server stopping');
  await expect(line).rejects.toThrow('server stopping');
  await expect(session.nextLine()).rejects.toThrow('server stopping');
});

test('a join without an answer times out', async () => {
  const session = join();
  clock.advance(ANSWER_TIMEOUT_MS);
  await expect(session).rejects.toThrow('no message within 10 s');
  expect(channels.current.closed).toBe(true);
});

test('a join that is refused leaves no channel open', async () => {
  const session = join();
  channels.current.reject('', { reason: 'too many rooms' });
  await expect(session).rejects.toThrow('too many rooms');
  expect(channels.current.closed).toBe(true);
  expect(clock.pendingTimers).toBe(0);
});

test('a closed session leaves no timer', async () => {
  const session = await joined();
  const line = session.nextLine();
  session.close();
  await expect(line).rejects.toThrow('closed');
  expect(channels.current.closed).toBe(true);
  expect(clock.pendingTimers).toBe(0);
});
