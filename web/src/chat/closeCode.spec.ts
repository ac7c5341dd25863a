import { expect, test } from 'vitest';
import { describeClose, mayReconnectAfter } from './closeCode';

test.each([1000, 1001, 1005, 1006, 1011, 1012, 1013, 3000, 3008, 3012, 3499, 4000])(
  'close code %i is followed by a reconnect',
  (code) => expect(mayReconnectAfter(code)).toBe(true),
);

test.each([1002, 1003, 1007, 1008, 1009, 1010, 3500, 3501, 3999])('close code %i is final', (code) =>
  expect(mayReconnectAfter(code)).toBe(false),
);

test('the server’s own reason comes first', () => {
  expect(describeClose(3008, 'too slow: reconnect and resume')).toBe(
    'too slow: reconnect and resume (close code 3008)',
  );
});

test('a standard code without a reason is put into words', () => {
  expect(describeClose(1012, '')).toBe('the server is restarting (close code 1012)');
});

test('an unknown code without a reason is named', () => {
  expect(describeClose(4321, '')).toBe('close code 4321');
});
