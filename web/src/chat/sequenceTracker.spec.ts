import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { MessageSchema, RecoveredSchema } from '../gen/duplexer/chat/v1/chat_pb';
import { SequenceTracker } from './sequenceTracker';

const answer = (fields: Exclude<MessageInitShape<typeof RecoveredSchema>, { $typeName: string }>) =>
  create(RecoveredSchema, { epoch: 'e1', ...fields });
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
  expect(tracker.accept(line(10n, 9n))).toEqual({ isNew: true });
});

test('a connection lost before its history arrived joins afresh', () => {
  const tracker = new SequenceTracker();
  tracker.joined(answer({ missed: 5, sequence: 9n }));
  expect(tracker.resumePoint).toBeUndefined();
});

test('history may begin anywhere', () => {
  const tracker = new SequenceTracker();
  tracker.joined(answer({ missed: 2, sequence: 9n }));
  expect(tracker.accept(line(7n, 6n))).toEqual({ isNew: true });
  expect(tracker.accept(line(9n, 7n))).toEqual({ isNew: true });
});

test('a message seen before is dropped', () => {
  const tracker = atTwo();
  expect(tracker.accept(line(2n, 1n))).toEqual({ isNew: false });
  expect(tracker.accept(line(1n, 0n))).toEqual({ isNew: false });
  expect(tracker.resumePoint?.sequence).toBe(2n);
});

test('sequences may be sparse', () => {
  expect(atTwo().accept(line(40n, 2n))).toEqual({ isNew: true });
});

test('a message whose predecessor was not seen reports a gap, once', () => {
  const tracker = atTwo();
  expect(tracker.accept(line(6n, 5n))).toEqual({
    isNew: true,
    gap: { kind: 'missing', afterSequence: 2n, throughSequence: 5n },
  });
  expect(tracker.accept(line(7n, 6n))).toEqual({ isNew: true });
});

test('a recovered resume goes on without a gap', () => {
  const tracker = atTwo();
  expect(tracker.joined(answer({ recovered: true, missed: 1, sequence: 3n }))).toBeUndefined();
  expect(tracker.accept(line(3n, 2n))).toEqual({ isNew: true });
});

test('a resume that was not recovered but overlaps has no gap', () => {
  const tracker = atTwo();
  expect(tracker.joined(answer({ missed: 3, sequence: 3n }))).toBeUndefined();
  expect(tracker.accept(line(1n, 0n))).toEqual({ isNew: false });
  expect(tracker.accept(line(2n, 1n))).toEqual({ isNew: false });
  expect(tracker.accept(line(3n, 2n))).toEqual({ isNew: true });
});

test('a resume that was not recovered and brings nothing reports what is gone', () => {
  expect(atTwo().joined(answer({ sequence: 8n }))).toEqual({
    kind: 'missing',
    afterSequence: 2n,
    throughSequence: 8n,
  });
});

test('a resume that was not recovered in an unchanged room has no gap', () => {
  expect(atTwo().joined(answer({ sequence: 2n }))).toBeUndefined();
});

test('another epoch is a new history: reported, then followed from its start', () => {
  const tracker = atTwo();
  expect(tracker.joined(answer({ epoch: 'e2', missed: 1, sequence: 1n }))).toEqual({
    kind: 'new-history',
    afterSequence: 2n,
    throughSequence: 0n,
  });
  expect(tracker.accept(line(1n, 0n))).toEqual({ isNew: true });
  expect(tracker.resumePoint).toEqual({ epoch: 'e2', sequence: 1n });
});
