import { expect, test } from 'vitest';
import { tallyOf } from './tally';

const read = (...lines: (readonly [string, number])[]) =>
  lines.map(([id, sequence]) => ({ id, sequence: BigInt(sequence) }));

test.each([
  ['all of it', read(['a', 1], ['b', 2], ['c', 3]), { read: 3, missing: 0, repeated: 0, outOfOrder: 0 }],
  ['nothing', [], { read: 0, missing: 3, repeated: 0, outOfOrder: 0 }],
  ['one twice', read(['a', 1], ['b', 2], ['b', 2]), { read: 3, missing: 1, repeated: 1, outOfOrder: 1 }],
  [
    'two changed places',
    read(['a', 1], ['c', 3], ['b', 2]),
    { read: 3, missing: 0, repeated: 0, outOfOrder: 1 },
  ],
  [
    'somebody else’s too',
    read(['x', 1], ['a', 2], ['b', 3], ['c', 4]),
    { read: 3, missing: 0, repeated: 0, outOfOrder: 0 },
  ],
])('%s', (_, lines, expected) => {
  expect(tallyOf(['a', 'b', 'c'], lines)).toEqual({ written: 3, ...expected });
});
