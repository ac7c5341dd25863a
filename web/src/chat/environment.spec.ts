import { beforeEach, expect, test } from 'vitest';
import { type Environment, pageEnvironment, unknownEnvironment } from './environment';

class FakeDocument extends EventTarget {
  visibilityState = 'visible';
}

let window: EventTarget;
let document: FakeDocument;
let navigator: { onLine: boolean };
let changes: number;

beforeEach(() => {
  window = new EventTarget();
  document = new FakeDocument();
  navigator = { onLine: true };
  changes = 0;
});

const at = (hostname: string): Environment =>
  pageEnvironment({ window, document, navigator, location: { hostname } });

test('online is what the browser says', () => {
  const environment = at('chat.example');
  expect(environment.isOnline()).toBe(true);
  navigator.onLine = false;
  expect(environment.isOnline()).toBe(false);
});

test.each(['localhost', '127.0.0.1', '127.1.2.3', '[::1]'])(
  'a server at %s can be reached without a network',
  (hostname) => {
    navigator.onLine = false;
    expect(at(hostname).isOnline()).toBe(true);
  },
);

test.each(['127.0.0.1.example', 'localhost.example', '10.127.0.1'])('one at %s cannot', (hostname) => {
  navigator.onLine = false;
  expect(at(hostname).isOnline()).toBe(false);
});

test('network events and a page that becomes visible are changes; one that is hidden is not', () => {
  const stop = at('chat.example').onChange(() => changes++);
  window.dispatchEvent(new Event('online'));
  window.dispatchEvent(new Event('offline'));
  document.dispatchEvent(new Event('visibilitychange'));
  expect(changes).toBe(3);
  document.visibilityState = 'hidden';
  document.dispatchEvent(new Event('visibilitychange'));
  expect(changes).toBe(3);
  stop();
  document.visibilityState = 'visible';
  window.dispatchEvent(new Event('online'));
  window.dispatchEvent(new Event('offline'));
  document.dispatchEvent(new Event('visibilitychange'));
  expect(changes).toBe(3);
});

const pageshow = (persisted: boolean) => Object.assign(new Event('pageshow'), { persisted });

test('a page that comes back from the cache is a change, one that was loaded is not', () => {
  const stop = at('chat.example').onChange(() => changes++);
  window.dispatchEvent(pageshow(false));
  expect(changes).toBe(0);
  window.dispatchEvent(pageshow(true));
  expect(changes).toBe(1);
  stop();
  window.dispatchEvent(pageshow(true));
  expect(changes).toBe(1);
});

test('a page that is left is told of it', () => {
  const stop = at('chat.example').onLeave(() => changes++);
  window.dispatchEvent(new Event('pagehide'));
  expect(changes).toBe(1);
  stop();
  window.dispatchEvent(new Event('pagehide'));
  expect(changes).toBe(1);
});

test('where nothing is known it is online and never changes', () => {
  expect(unknownEnvironment.isOnline()).toBe(true);
  unknownEnvironment.onChange(() => changes++)();
  unknownEnvironment.onLeave(() => changes++)();
  expect(changes).toBe(0);
});
