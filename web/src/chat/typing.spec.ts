import { beforeEach, expect, test } from 'vitest';
import { FakeClock } from './testing/fakeClock';
import { MAX_TYPING, TELL_TYPING_EVERY_MS, TYPING_EXPIRES_MS, TypingThrottle, TypingTracker } from './typing';

let clock: FakeClock;
let told: (readonly string[])[];
let tracker: TypingTracker;

beforeEach(() => {
  clock = new FakeClock();
  told = [];
  tracker = new TypingTracker(clock, (userIds) => told.push(userIds));
});

test('who is not heard of any more has stopped', () => {
  tracker.typing('bob');
  clock.advance(TYPING_EXPIRES_MS - 1);
  expect(told).toEqual([['bob']]);
  clock.advance(1);
  expect(told).toEqual([['bob'], []]);
});

test('who goes on goes on, without being told again', () => {
  tracker.typing('bob');
  clock.advance(TYPING_EXPIRES_MS - 1);
  tracker.typing('bob');
  clock.advance(TYPING_EXPIRES_MS - 1);
  expect(told).toEqual([['bob']]);
});

test('a client that tells its typing as often as it may never seems to pause, even if one event is lost', () => {
  expect(2 * TELL_TYPING_EVERY_MS).toBeLessThan(TYPING_EXPIRES_MS);
});

test('each has a time of their own, and the longest comes first', () => {
  tracker.typing('bob');
  clock.advance(1_000);
  tracker.typing('ann');
  clock.advance(TYPING_EXPIRES_MS - 1_000);
  expect(told).toEqual([['bob'], ['bob', 'ann'], ['ann']]);
});

test('who stops is told once', () => {
  tracker.typing('bob');
  tracker.stopped('bob');
  tracker.stopped('bob');
  tracker.stopped('cid');
  expect(told).toEqual([['bob'], []]);
  expect(clock.pendingTimers).toBe(0);
});

test('more than the limit are not kept', () => {
  for (let i = 0; i <= MAX_TYPING; i++) {
    tracker.typing(`user ${i}`);
  }
  expect(told).toHaveLength(MAX_TYPING);
  expect(clock.pendingTimers).toBe(MAX_TYPING);
  tracker.clear();
  tracker.clear();
  expect(told).toHaveLength(MAX_TYPING + 1);
  expect(told.at(-1)).toEqual([]);
  expect(clock.pendingTimers).toBe(0);
});

test('one’s own is due at first, then after its interval, and at once after a message', () => {
  const throttle = new TypingThrottle(clock);
  expect([throttle.due(), throttle.due()]).toEqual([true, false]);
  clock.advance(TELL_TYPING_EVERY_MS - 1);
  expect(throttle.due()).toBe(false);
  clock.advance(1);
  expect(throttle.due()).toBe(true);
  throttle.reset();
  expect(throttle.due()).toBe(true);
});
