import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { MessageSchema, RecoveredSchema } from '../gen/duplexer/chat/v1/chat_pb';
import { SequenceTracker } from './sequenceTracker';

const answer = (
  fields: Exclude<MessageInitShape<typeof RecoveredSchema>, { $typeName: string }>,
  resumedFrom?: bigint,
) => ({ answer: create(RecoveredSchema, { epoch: 'e1', ...fields }), resumedFrom });
const line = (sequence: bigint, previousSequence: bigint) =>
  create(MessageSchema, { content: 'x', sequence, previousSequence });

/** A tracker that joined an empty room and then saw messages 1 and 2. */
function atTwo(): SequenceTracker {
  const tracker = new SequenceTracker();
  tracker.joined(answer({}));
  tracker.accept(line(1n, 0n));
  tracker.accept(line(2n, 1n));
  return tracker;
}

test('there is nothing to resume before the first answer', () => {
  expect(new SequenceTracker().resumePoint).toBeUndefined();
});

test('an empty room is resumed from 0', () => {
  const tracker = new SequenceTracker();
  tracker.joined(answer({}));
  expect(tracker.resumePoint).toEqual({ epoch: 'e1', sequence: 0n });
});

test('a room joined without history is resumed from its newest message', () => {
  const tracker = new SequenceTracker();
  tracker.joined(answer({ sequence: 9n }));
  expect(tracker.resumePoint).toEqual({ epoch: 'e1', sequence: 9n });
  expect(tracker.accept(line(10n, 9n))).toEqual({ kind: 'next' });
});

test('a connection lost before its history arrived joins afresh', () => {
  const tracker = new SequenceTracker();
  tracker.joined(answer({ missed: 5, sequence: 9n }));
  expect(tracker.resumePoint).toBeUndefined();
});

test('history may begin anywhere', () => {
  const tracker = new SequenceTracker();
  tracker.joined(answer({ missed: 2, sequence: 9n }));
  expect(tracker.accept(line(7n, 6n))).toEqual({ kind: 'next' });
  expect(tracker.accept(line(9n, 7n))).toEqual({ kind: 'next' });
});

test('a message that the same connection brought before is a duplicate', () => {
  const tracker = atTwo();
  expect(tracker.accept(line(2n, 1n))).toEqual({ kind: 'duplicate' });
  expect(tracker.accept(line(1n, 0n))).toEqual({ kind: 'duplicate' });
  expect(tracker.resumePoint?.sequence).toBe(2n);
});

test('a message from before the place that was resumed from is a duplicate', () => {
  const tracker = atTwo();
  tracker.joined(answer({ recovered: true, missed: 1, sequence: 3n }, 2n));
  expect(tracker.accept(line(2n, 1n))).toEqual({ kind: 'duplicate' });
  expect(tracker.accept(line(3n, 2n))).toEqual({ kind: 'next' });
});

test('a message that the connection before brought after the resume was asked for has been seen', () => {
  const tracker = atTwo();
  tracker.joined(answer({ recovered: true, missed: 1, sequence: 2n }, 1n));
  expect(tracker.accept(line(2n, 1n))).toEqual({ kind: 'seen' });
  expect(tracker.accept(line(2n, 1n))).toEqual({ kind: 'duplicate' });
  expect(tracker.accept(line(3n, 2n))).toEqual({ kind: 'next' });
});

test('sequences may be sparse', () => {
  expect(atTwo().accept(line(40n, 2n))).toEqual({ kind: 'next' });
});

test('a message whose predecessor did not come is early: to be asked for by resuming', () => {
  const tracker = atTwo();
  expect(tracker.accept(line(6n, 5n))).toEqual({ kind: 'early' });
  expect(tracker.resumePoint?.sequence).toBe(2n);
});

test('what resuming brings closes the hole', () => {
  const tracker = atTwo();
  tracker.accept(line(4n, 3n));
  tracker.joined(answer({ recovered: true, missed: 2, sequence: 4n }, 2n));
  expect(tracker.accept(line(3n, 2n))).toEqual({ kind: 'next' });
  expect(tracker.accept(line(4n, 3n))).toEqual({ kind: 'next' });
});

test('what does not come after resuming either is a gap, reported once', () => {
  const tracker = atTwo();
  tracker.accept(line(6n, 5n));
  tracker.joined(answer({ recovered: true, missed: 1, sequence: 6n }, 2n));
  expect(tracker.accept(line(6n, 5n))).toEqual({
    kind: 'next',
    gap: { kind: 'missing', afterSequence: 2n, throughSequence: 5n },
  });
  expect(tracker.accept(line(7n, 6n))).toEqual({ kind: 'next' });
});

test('what was lost after the resume has not been asked for yet', () => {
  const tracker = atTwo();
  tracker.joined(answer({ recovered: true, sequence: 2n }, 2n));
  expect(tracker.accept(line(4n, 3n))).toEqual({ kind: 'early' });
});

test('a resume from a place before the last line asks again before it reports a gap', () => {
  const tracker = atTwo();
  tracker.joined(answer({ missed: 1, sequence: 6n }, 1n));
  expect(tracker.accept(line(6n, 5n))).toEqual({ kind: 'early' });
});

test('a recovered resume goes on without a gap', () => {
  const tracker = atTwo();
  expect(tracker.joined(answer({ recovered: true, missed: 1, sequence: 3n }, 2n))).toBeUndefined();
  expect(tracker.accept(line(3n, 2n))).toEqual({ kind: 'next' });
});

test('a resume that was not recovered but overlaps has no gap', () => {
  const tracker = atTwo();
  expect(tracker.joined(answer({ missed: 3, sequence: 3n }, 2n))).toBeUndefined();
  expect(tracker.accept(line(1n, 0n))).toEqual({ kind: 'seen' });
  expect(tracker.accept(line(2n, 1n))).toEqual({ kind: 'seen' });
  expect(tracker.accept(line(3n, 2n))).toEqual({ kind: 'next' });
});

test('a resume that was not recovered and brings nothing reports what is gone', () => {
  expect(atTwo().joined(answer({ sequence: 8n }, 2n))).toEqual({
    kind: 'missing',
    afterSequence: 2n,
    throughSequence: 8n,
  });
});

test('a resume that was not recovered in an unchanged room has no gap', () => {
  expect(atTwo().joined(answer({ sequence: 2n }, 2n))).toBeUndefined();
});

test('an answer older than what the connection before brought since moves nothing back', () => {
  const tracker = atTwo();
  expect(tracker.joined(answer({ sequence: 1n }, 1n))).toBeUndefined();
  expect(tracker.resumePoint?.sequence).toBe(2n);
});

test('another epoch is a new history: reported, then followed from its start', () => {
  const tracker = atTwo();
  expect(tracker.joined(answer({ epoch: 'e2', missed: 1, sequence: 1n }, 2n))).toEqual({
    kind: 'new-history',
    afterSequence: 2n,
    throughSequence: 0n,
  });
  expect(tracker.accept(line(1n, 0n))).toEqual({ kind: 'next' });
  expect(tracker.resumePoint).toEqual({ epoch: 'e2', sequence: 1n });
});

test('a history that ends before what was seen is a new one, too: reported, then followed from its end', () => {
  const tracker = new SequenceTracker({ epoch: 'e1', sequence: 500n });
  expect(tracker.joined(answer({ missed: 2, sequence: 400n }, 500n))).toEqual({
    kind: 'new-history',
    afterSequence: 500n,
    throughSequence: 0n,
  });
  expect(tracker.accept(line(399n, 398n))).toEqual({ kind: 'next' });
  expect(tracker.accept(line(400n, 399n))).toEqual({ kind: 'next' });
  expect(tracker.accept(line(401n, 400n))).toEqual({ kind: 'next' });
  expect(tracker.resumePoint).toEqual({ epoch: 'e1', sequence: 401n });
});

test('one that ends before it and sends nothing of it is followed from its end, down to one message less', () => {
  const tracker = atTwo();
  expect(tracker.joined(answer({ sequence: 1n }, 2n))?.kind).toBe('new-history');
  expect(tracker.resumePoint).toEqual({ epoch: 'e1', sequence: 1n });
  expect(tracker.accept(line(2n, 1n))).toEqual({ kind: 'next' });
});
