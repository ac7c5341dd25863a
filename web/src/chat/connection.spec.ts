import { Code } from '@connectrpc/connect';
import { beforeEach, expect, test } from 'vitest';
import { DEFAULT_BACKOFF } from './backoff';
import { Connection, type ConnectionState, JOIN_TIMEOUT_MS, STABLE_AFTER_MS } from './connection';
import { unknownEnvironment } from './environment';
import { FakeChannels } from './testing/fakeChannel';
import { FakeClock } from './testing/fakeClock';
import { TrafficMeter } from './traffic';

let clock: FakeClock;
let channels: FakeChannels;
let states: ConnectionState[];
let connection: Connection;

beforeEach(() => {
  clock = new FakeClock();
  channels = new FakeChannels();
  states = [];
  connection = new Connection({
    userId: 'ann',
    room: 'tea',
    history: 50,
    transport: channels,
    fallback: undefined,
    environment: unknownEnvironment,
    meter: new TrafficMeter(),
    clock,
    random: () => 0.5,
    backoff: DEFAULT_BACKOFF,
    resumePoint: () => undefined,
    onState: (state) => states.push(state),
    onJoined: () => {},
    onMessage: () => {},
    onAcknowledged: () => {},
    onRefused: () => {},
  });
  connection.open();
});

test('it is connecting until the join is answered, then connected', () => {
  channels.current.join();
  expect(states).toEqual([{ name: 'connecting' }, { name: 'connected', transport: 'fake' }]);
  expect(clock.pendingTimers).toBe(0);
});

test('it joins its room as its user, with history', () => {
  const { userId, room, join } = channels.current.request;
  expect([userId, room, join.history, join.resume]).toEqual(['ann', 'tea', 50, undefined]);
});

test('a lost channel is replaced after its wait', () => {
  channels.current.join();
  channels.current.end('network changed');
  expect(connection.state).toEqual({ name: 'reconnecting', reason: 'network changed', waitMs: 250 });
  clock.advance(249);
  expect(channels.all).toHaveLength(1);
  clock.advance(1);
  expect(channels.all).toHaveLength(2);
  expect(connection.state).toEqual({ name: 'reconnecting', reason: 'network changed', waitMs: 0 });
  channels.current.join();
  expect(connection.state).toEqual({ name: 'connected', transport: 'fake' });
});

test('waits double up to the cap while attempts fail', () => {
  const waits = Array.from({ length: 8 }, () => {
    channels.current.end();
    const { state } = connection;
    const waitMs = state.name === 'reconnecting' ? state.waitMs : 0;
    clock.advance(waitMs);
    return waitMs;
  });
  expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
});

test('waits start over after a connection that held', () => {
  channels.current.end();
  clock.advance(250);
  channels.current.join();
  clock.advance(STABLE_AFTER_MS);
  channels.current.end();
  expect(connection.state).toMatchObject({ waitMs: 250 });
});

test('waits go on growing while connections are lost at once', () => {
  channels.current.end();
  clock.advance(250);
  channels.current.join();
  clock.advance(STABLE_AFTER_MS - 1);
  channels.current.end();
  expect(connection.state).toMatchObject({ waitMs: 500 });
});

test('a join without an answer is given up and tried again', () => {
  clock.advance(JOIN_TIMEOUT_MS - 1);
  expect(connection.state.name).toBe('connecting');
  clock.advance(1);
  expect(connection.state).toMatchObject({ name: 'reconnecting', reason: 'no answer within 10 s' });
  expect(channels.all[0]?.closed).toBe(true);
});

test('a final end closes it with the reason and leaves no timer', () => {
  channels.current.end('room: too long', false);
  expect(connection.state).toEqual({ name: 'closed', reason: 'room: too long' });
  expect(clock.pendingTimers).toBe(0);
});

test('a refused join closes it when the request is at fault', () => {
  channels.current.reject('', { code: Code.InvalidArgument, reason: 'room: too long' });
  expect(connection.state).toEqual({ name: 'closed', reason: 'room: too long' });
});

test('a refused join is tried again when the server is overloaded', () => {
  channels.current.reject('', { code: Code.ResourceExhausted, reason: 'too many rooms' });
  expect(connection.state).toMatchObject({ name: 'reconnecting', reason: 'too many rooms' });
});

test('the person may skip the wait', () => {
  channels.current.end();
  connection.reconnectNow();
  expect(channels.all).toHaveLength(2);
  clock.advance(1_000);
  expect(channels.all).toHaveLength(2);
});

test('skipping does nothing while an attempt is being made', () => {
  connection.reconnectNow();
  expect(channels.all).toHaveLength(1);
});

test('closing is final and silent', () => {
  channels.current.join();
  connection.close();
  connection.close();
  expect(states.at(-1)).toEqual({ name: 'closed' });
  expect(channels.current.closed).toBe(true);
  clock.advance(60_000);
  expect(channels.all).toHaveLength(1);
});

test('closing during a wait ends the wait', () => {
  channels.current.end();
  connection.close();
  clock.advance(60_000);
  expect(channels.all).toHaveLength(1);
});

test('there is a channel only while connected', () => {
  expect(connection.channel).toBeUndefined();
  channels.current.join();
  expect(connection.channel).toBe(channels.current);
  channels.current.end();
  expect(connection.channel).toBeUndefined();
});

test('a connection that is given up is replaced after a wait', () => {
  connection.lose('too early');
  expect(connection.state.name).toBe('connecting');
  channels.current.join();
  connection.lose('not answered');
  expect(channels.current.closed).toBe(true);
  expect(connection.state).toMatchObject({ name: 'reconnecting', reason: 'not answered' });
});

test('an address that cannot be opened counts as a failed attempt', () => {
  channels.open = () => {
    throw new Error('not allowed');
  };
  channels.current.end();
  clock.advance(250);
  clock.advance(0);
  expect(connection.state).toMatchObject({ name: 'reconnecting', reason: 'Error: not allowed', waitMs: 500 });
});
