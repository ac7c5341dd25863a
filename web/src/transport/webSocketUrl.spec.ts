import { expect, test } from 'vitest';
import { webSocketBaseUrl } from './webSocketUrl.js';

test.for([
  ['http://chat.example', undefined, 'ws://chat.example'],
  ['https://chat.example/', undefined, 'wss://chat.example'],
  ['https://chat.example:8443/api/', undefined, 'wss://chat.example:8443/api'],
  ['ws://chat.example', undefined, 'ws://chat.example'],
  ['wss://chat.example', undefined, 'wss://chat.example'],
  ['HTTPS://Chat.Example', undefined, 'wss://chat.example'],
  ['http://[::1]:8080/http:', undefined, 'ws://[::1]:8080/http:'],
  ['', 'https://chat.example/room/?left=ann', 'wss://chat.example'],
  ['/', 'http://127.0.0.1:8080/index.html#x', 'ws://127.0.0.1:8080'],
  ['/api', 'https://chat.example/room/', 'wss://chat.example/api'],
  ['api', 'https://chat.example/room/index.html', 'wss://chat.example/room/api'],
  ['//other.example', 'https://chat.example/', 'wss://other.example'],
  ['http://other.example', 'https://chat.example/', 'ws://other.example'],
] as const)('%s on the page %s is %s', ([baseUrl, pageUrl, expected]) => {
  expect(webSocketBaseUrl(baseUrl, pageUrl)).toBe(expected);
});

test.for([
  ['/api', undefined, 'baseUrl: /api (expected: an absolute URL, as there is no page)'],
  ['http://', 'https://chat.example/', 'baseUrl: http:// (expected: a URL)'],
  ['/api', 'about:blank', 'baseUrl: /api (expected: a URL)'],
  ['ftp://chat.example', undefined, 'baseUrl: ftp://chat.example (expected: http, https, ws or wss)'],
  ['/?a=b', 'https://chat.example/', 'baseUrl: /?a=b (expected: no query and no fragment)'],
  ['/#a', 'https://chat.example/', 'baseUrl: /#a (expected: no query and no fragment)'],
] as const)('%s on the page %s is refused', ([baseUrl, pageUrl, message]) => {
  expect(() => webSocketBaseUrl(baseUrl, pageUrl)).toThrow(new TypeError(message));
});
