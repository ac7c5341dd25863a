import { expect, test } from 'vitest';
import { linkToRoom, MAX_NAME_BYTES, nameError, visitOf } from './visit';

test('room and names come from the address', () => {
  expect(visitOf('?room=tea&left=ann&right=bob', Math.random)).toEqual({
    room: 'tea',
    left: 'ann',
    right: 'bob',
  });
});

test('without them it is the lobby and two names', () => {
  expect(visitOf('', () => 0.5)).toEqual({ room: 'lobby', left: 'Keen Ibis', right: 'Keen Heron' });
});

test('the chosen name is unlike the given one', () => {
  expect(visitOf('?left=Amber+Avocet', () => 0).right).toBe('Amber Bittern');
});

test('the same name on both sides is allowed to who asks for it', () => {
  expect(visitOf('?left=ann&right=ann', Math.random)).toMatchObject({ left: 'ann', right: 'ann' });
});

test('a name that the server would refuse is replaced', () => {
  expect(visitOf('?room=%20&left=%07', () => 0)).toMatchObject({ room: 'lobby', left: 'Amber Avocet' });
});

test('the link to a room survives any name', () => {
  expect(visitOf(linkToRoom('tea & cake #1 ☕'), Math.random).room).toBe('tea & cake #1 ☕');
});

test('a name is bounded in bytes, not characters', () => {
  expect(nameError('é'.repeat(MAX_NAME_BYTES / 2))).toBeUndefined();
  expect(nameError(`${'é'.repeat(MAX_NAME_BYTES / 2)}x`)).toBe(
    'This is 129 bytes long; names have at most 128.',
  );
});

test.each([
  ['', 'Give a name.'],
  ['a\nb', 'Names have no control characters.'],
])('%j is no name', (name, error) => {
  expect(nameError(name)).toBe(error);
});
