import { beforeEach, describe, expect, test } from 'vitest';
import { DEFAULT_BACKOFF } from './backoff';
import {
  Connection,
  type ConnectionState,
  FALL_BACK_AFTER_MS,
  JOIN_TIMEOUT_MS,
  RETURN_BACKOFF,
  SILENT_AFTER_MS,
  STABLE_AFTER_MS,
} from './connection';
import { FakeChannels } from './testing/fakeChannel';
import { FakeClock } from './testing/fakeClock';
import { FakeEnvironment } from './testing/fakeEnvironment';
import { TrafficMeter } from './traffic';

let clock: FakeClock;
let socket: FakeChannels;
let web: FakeChannels;
let environment: FakeEnvironment;
let states: ConnectionState[];
let connection: Connection;
/** Names of the transports tried, in order. */
let tried: string[];

beforeEach(() => {
  clock = new FakeClock();
  tried = [];
  socket = new FakeChannels('socket', tried);
  web = new FakeChannels('web', tried);
  environment = new FakeEnvironment();
  states = [];
  connection = new Connection({
    userId: 'ann',
    room: 'tea',
    history: 50,
    transport: socket,
    fallback: web,
    clock,
    random: () => 0.5,
    backoff: DEFAULT_BACKOFF,
    environment,
    meter: new TrafficMeter(),
    resumePoint: () => ({ epoch: 'e1', sequence: 7n }),
    onState: (state) => states.push(state),
    onJoined: () => {},
    onMessage: () => {},
    onAcknowledged: () => {},
    onRefused: () => {},
  });
  connection.open();
});

/** Two attempts fail, and the fallback is joined. */
function fallBack(): void {
  socket.current.end('blocked');
  clock.advance(250);
  socket.current.end('blocked');
  web.current.join();
}

describe('falling back', () => {
  test('one failed attempt is not enough', () => {
    socket.current.end();
    clock.advance(250);
    expect(tried).toEqual(['socket', 'socket']);
  });

  test('after the second failed attempt in a row the fallback is tried at once', () => {
    socket.current.end('blocked');
    clock.advance(250);
    socket.current.end('blocked');
    expect(tried).toEqual(['socket', 'socket', 'web']);
    expect(connection.state).toEqual({ name: 'reconnecting', reason: 'blocked', waitMs: 0 });
  });

  test('joined, it says by what, and why not by the preferred one', () => {
    fallBack();
    expect(connection.state).toEqual({ name: 'fallback', transport: 'web', reason: 'blocked' });
    expect(connection.channel).toBe(web.current);
  });

  test('it resumes where the other one was', () => {
    fallBack();
    expect(web.current.request.join.resume).toMatchObject({ epoch: 'e1', sequence: 7n });
  });

  test('an attempt that is not answered in time is enough', () => {
    clock.advance(FALL_BACK_AFTER_MS - 1);
    expect(tried).toEqual(['socket']);
    clock.advance(1);
    expect(tried).toEqual(['socket', 'web']);
    expect(socket.current.closed).toBe(true);
  });

  test('the fallback has the full time for its answer', () => {
    clock.advance(FALL_BACK_AFTER_MS + JOIN_TIMEOUT_MS - 1);
    expect(web.current.closed).toBe(false);
    clock.advance(1);
    expect(web.current.closed).toBe(true);
  });

  test('a connection that was lost is no failed attempt', () => {
    socket.current.join();
    socket.current.end();
    clock.advance(250);
    socket.current.end();
    expect(tried).toEqual(['socket', 'socket']);
  });

  test('getting into the room wipes out the failure before', () => {
    socket.current.end();
    clock.advance(250);
    socket.current.join();
    socket.current.end();
    clock.advance(500);
    socket.current.end();
    expect(tried).toEqual(['socket', 'socket', 'socket']);
  });

  test('while neither works they take turns, the preferred one first, with waits between the rounds', () => {
    socket.current.end();
    clock.advance(250);
    socket.current.end();
    web.current.end();
    expect(connection.state).toMatchObject({ waitMs: 500 });
    clock.advance(500);
    socket.current.end();
    web.current.end();
    expect(connection.state).toMatchObject({ waitMs: 1_000 });
    expect(tried).toEqual(['socket', 'socket', 'web', 'socket', 'web']);
  });

  test('a fallback that is lost is tried again first', () => {
    fallBack();
    web.current.end('lost');
    clock.advance(20_000);
    expect(tried.slice(3, 4)).toEqual(['web']);
  });

  test('a refusal by the fallback, such as by a proxy, gives the preferred transport its turn again', () => {
    socket.current.end('restarting');
    clock.advance(250);
    socket.current.end('restarting');
    web.current.end('HTTP 404', false);
    expect(connection.state).toMatchObject({ name: 'reconnecting', reason: 'HTTP 404', waitMs: 500 });
    clock.advance(500);
    socket.current.join();
    expect(connection.state).toEqual({ name: 'connected', transport: 'socket' });
    expect(tried).toEqual(['socket', 'socket', 'web', 'socket']);
  });

  test('a server that lets in by the fallback and then refuses for good is done with', () => {
    fallBack();
    web.current.end('banned', false);
    expect(connection.state).toEqual({ name: 'closed', reason: 'banned' });
    expect(clock.pendingTimers).toBe(0);
  });

  test('a server that refuses for good is not asked another way', () => {
    socket.current.end('too many connections', false);
    expect(connection.state).toEqual({ name: 'closed', reason: 'too many connections' });
    expect(tried).toEqual(['socket']);
  });
});

describe('going back', () => {
  const firstReturnMs = RETURN_BACKOFF.baseMs / 2;

  test('the preferred transport is tried again after a while, and the fallback goes on meanwhile', () => {
    fallBack();
    clock.advance(firstReturnMs - 1);
    expect(tried).toEqual(['socket', 'socket', 'web']);
    clock.advance(1);
    expect(tried).toEqual(['socket', 'socket', 'web', 'socket']);
    expect(connection.state.name).toBe('fallback');
    expect(connection.channel).toBe(web.current);
    expect(web.current.closed).toBe(false);
  });

  test('once it has joined it takes over, without a moment of no connection', () => {
    fallBack();
    clock.advance(firstReturnMs);
    states.length = 0;
    socket.current.join();
    expect(states).toEqual([{ name: 'connected', transport: 'socket' }]);
    expect(connection.channel).toBe(socket.current);
    expect(web.current.closed).toBe(true);
    expect(clock.pendingTimers).toBe(0);
  });

  test('while it fails it is tried more and more rarely, at least every five minutes', () => {
    fallBack();
    const waits = Array.from({ length: 7 }, () => {
      const before = tried.length;
      let waitMs = 0;
      for (; tried.length === before; waitMs += 1_000) {
        clock.advance(1_000);
      }
      socket.current.end();
      return waitMs;
    });
    expect(waits).toEqual([5_000, 10_000, 20_000, 40_000, 80_000, 150_000, 150_000]);
    expect(connection.state.name).toBe('fallback');
  });

  test('it starts over once the preferred transport held', () => {
    fallBack();
    clock.advance(firstReturnMs);
    socket.current.join();
    clock.advance(STABLE_AFTER_MS);
    socket.current.end();
    clock.advance(250);
    socket.current.end();
    clock.advance(500);
    socket.current.end();
    web.current.join();
    const before = tried.length;
    clock.advance(firstReturnMs);
    expect(tried).toHaveLength(before + 1);
  });

  test('it goes on more rarely when the preferred transport did not hold', () => {
    fallBack();
    clock.advance(firstReturnMs);
    socket.current.join();
    socket.current.end();
    for (const waitMs of [500, 1_000]) {
      clock.advance(waitMs);
      socket.current.end();
    }
    web.current.join();
    const before = tried.length;
    clock.advance(2 * firstReturnMs - 1);
    expect(tried).toHaveLength(before);
    clock.advance(1);
    expect(tried).toHaveLength(before + 1);
  });

  test('a person may have it tried at once', () => {
    fallBack();
    connection.reconnectNow();
    connection.reconnectNow();
    expect(tried).toEqual(['socket', 'socket', 'web', 'socket']);
    socket.current.join();
    expect(connection.state.name).toBe('connected');
    expect(clock.pendingTimers).toBe(0);
  });

  test('a try under way is dropped when the fallback is lost', () => {
    fallBack();
    clock.advance(firstReturnMs);
    web.current.end();
    expect(socket.current.closed).toBe(true);
    clock.advance(20_000);
    expect(tried.at(-1)).toBe('web');
  });

  test('closing closes both', () => {
    fallBack();
    clock.advance(firstReturnMs);
    connection.close();
    expect([socket.current.closed, web.current.closed]).toEqual([true, true]);
    expect(clock.pendingTimers).toBe(0);
    expect(environment.listeners).toBe(0);
  });
});

describe('switching by hand', () => {
  let other: FakeChannels;

  beforeEach(() => {
    other = new FakeChannels('other', tried);
  });

  test('the old connection ends and the new one resumes at once', () => {
    socket.current.join();
    connection.use(other);
    expect(socket.current.closed).toBe(true);
    expect(connection.state).toEqual({ name: 'reconnecting', reason: 'switching to other', waitMs: 0 });
    expect(other.current.request.join.resume).toMatchObject({ epoch: 'e1', sequence: 7n });
    other.current.join();
    expect(connection.state).toEqual({ name: 'connected', transport: 'other' });
  });

  test('to what it is by already does nothing', () => {
    socket.current.join();
    connection.use(socket);
    expect(socket.current.closed).toBe(false);
    expect(tried).toEqual(['socket']);
  });

  test('it ends a fallback and a wait', () => {
    fallBack();
    connection.use(other);
    expect(web.current.closed).toBe(true);
    other.current.end();
    connection.use(socket);
    expect(tried).toEqual(['socket', 'socket', 'web', 'other', 'socket']);
  });

  test('the new one has a clean slate before it falls back', () => {
    fallBack();
    connection.use(other);
    other.current.end();
    clock.advance(250);
    expect(tried.slice(3)).toEqual(['other', 'other']);
    other.current.end();
    expect(tried.slice(3)).toEqual(['other', 'other', 'web']);
  });

  test('after the end it opens nothing', () => {
    connection.close();
    connection.use(other);
    expect(other.all).toEqual([]);
  });
});

describe('offline', () => {
  test('the first attempt is made whatever the device says', () => {
    expect(tried).toEqual(['socket']);
  });

  test('no attempt is made while the device has no network', () => {
    socket.current.join();
    environment.setOnline(false);
    expect(connection.state.name).toBe('connected');
    socket.current.end('lost');
    expect(connection.state).toEqual({ name: 'offline', reason: 'lost' });
    clock.advance(600_000);
    expect(tried).toEqual(['socket']);
    expect(clock.pendingTimers).toBe(0);
  });

  test('the next one is made at once when it has, and nothing was used up', () => {
    socket.current.join();
    environment.setOnline(false);
    socket.current.end('lost');
    environment.setOnline(true);
    expect(tried).toEqual(['socket', 'socket']);
    expect(connection.state).toEqual({ name: 'reconnecting', reason: 'lost', waitMs: 0 });
    socket.current.end();
    expect(connection.state).toMatchObject({ waitMs: 250 });
  });

  test('a wait ends when the network goes, and when it comes', () => {
    socket.current.end();
    environment.setOnline(false);
    expect(connection.state.name).toBe('offline');
    expect(clock.pendingTimers).toBe(0);
    environment.setOnline(true);
    expect(tried).toEqual(['socket', 'socket']);
  });

  test('an attempt that fails because the network went does not speak against its transport', () => {
    socket.current.end();
    clock.advance(250);
    environment.setOnline(false);
    socket.current.end();
    environment.setOnline(true);
    socket.current.end();
    expect(tried).toEqual(['socket', 'socket', 'socket', 'web']);
  });

  test('the person may try all the same', () => {
    environment.setOnline(false);
    socket.current.end();
    connection.reconnectNow();
    expect(tried).toEqual(['socket', 'socket']);
  });
});

describe('waking up', () => {
  test('a wait ends, an attempt under way goes on', () => {
    environment.wake();
    expect(tried).toEqual(['socket']);
    socket.current.end();
    environment.wake();
    expect(tried).toEqual(['socket', 'socket']);
    environment.wake();
    expect(tried).toEqual(['socket', 'socket']);
  });

  test('a connection that was heard of lately is left alone until it was silent for long enough', () => {
    socket.current.join();
    clock.advance(12_000);
    environment.wake();
    environment.wake();
    clock.advance(SILENT_AFTER_MS - 12_000 - 1);
    expect(tried).toEqual(['socket']);
    clock.advance(1);
    expect(tried).toEqual(['socket', 'socket']);
    socket.current.join();
    expect(clock.pendingTimers).toBe(0);
  });

  test('one by which something comes meanwhile is left alone for good', () => {
    socket.current.join();
    clock.advance(12_000);
    environment.wake();
    clock.advance(1_000);
    socket.current.line(8n, 7n);
    clock.advance(600_000);
    expect(tried).toEqual(['socket']);
  });

  test('a fallback is looked at again after a try of the preferred transport that was under way', () => {
    fallBack();
    clock.advance(SILENT_AFTER_MS);
    expect(socket.current.closed).toBe(false);
    environment.wake();
    const before = tried.length;
    clock.advance(JOIN_TIMEOUT_MS - 1);
    socket.current.end('blocked');
    expect(tried).toHaveLength(before);
    clock.advance(1);
    expect(tried.slice(before)).toEqual(['web']);
  });

  test('one that was silent is replaced without a gap, since nobody can know whether it still lives', () => {
    socket.current.join();
    const [silent] = socket.all;
    clock.advance(SILENT_AFTER_MS);
    environment.wake();
    environment.wake();
    expect(tried).toEqual(['socket', 'socket']);
    expect(connection.channel).toBe(silent);
    socket.current.join();
    expect(silent?.closed).toBe(true);
    expect(connection.channel).toBe(socket.current);
  });

  test('it stays when it cannot be replaced', () => {
    socket.current.join();
    const [silent] = socket.all;
    clock.advance(SILENT_AFTER_MS);
    environment.wake();
    socket.current.end();
    expect(connection.channel).toBe(silent);
    expect(connection.state.name).toBe('connected');
    expect(clock.pendingTimers).toBe(0);
  });

  test('a silent fallback is replaced by the fallback, and the way back stays open', () => {
    fallBack();
    // Past the tries of the preferred transport up to here.
    clock.advance(SILENT_AFTER_MS);
    socket.current.end();
    const before = tried.length;
    environment.wake();
    expect(tried.slice(before)).toEqual(['web']);
    web.current.join();
    expect(connection.state.name).toBe('fallback');
    clock.advance(RETURN_BACKOFF.capMs);
    expect(tried.at(-1)).toBe('socket');
  });
});

describe('leaving the page', () => {
  const left = { name: 'offline', reason: 'the page was left' };

  test('gives the link up at once and waits for nothing', () => {
    socket.current.join();
    environment.wake();
    environment.leave();
    expect(socket.current.closed).toBe(true);
    expect(connection.state).toEqual(left);
    expect(clock.pendingTimers).toBe(0);
    clock.advance(600_000);
    expect(tried).toEqual(['socket']);
  });

  test('coming back resumes at once', () => {
    socket.current.join();
    environment.leave();
    environment.wake();
    expect(socket.all).toHaveLength(2);
    expect(socket.current.request.join.resume).toMatchObject({ epoch: 'e1', sequence: 7n });
    socket.current.join();
    expect(connection.state).toEqual({ name: 'connected', transport: 'socket' });
  });

  test('an attempt, a wait and a try beside the fallback end with it', () => {
    environment.leave();
    expect([socket.current.closed, connection.state]).toEqual([true, left]);
    environment.wake();
    socket.current.end();
    environment.leave();
    expect([clock.pendingTimers, connection.state]).toEqual([0, left]);
    environment.wake();
    socket.current.end();
    web.current.join();
    connection.reconnectNow();
    environment.leave();
    expect([socket.current.closed, web.current.closed, clock.pendingTimers]).toEqual([true, true, 0]);
  });

  test('what was closed stays closed', () => {
    connection.close('enough');
    environment.leave();
    environment.wake();
    expect(connection.state).toEqual({ name: 'closed', reason: 'enough' });
    expect(environment.listeners).toBe(0);
  });
});
