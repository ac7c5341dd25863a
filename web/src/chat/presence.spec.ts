import { create } from '@bufbuild/protobuf';
import { beforeEach, expect, test } from 'vitest';
import { RecoveredSchema } from '../gen/duplexer/chat/v1/chat_pb';
import { PresenceTracker } from './presence';

let presence: PresenceTracker;

const entered = (members: string[], memberCount = members.length) =>
  presence.entered(create(RecoveredSchema, { members, memberCount }));

beforeEach(() => {
  presence = new PresenceTracker();
});

test('members are sorted', () => {
  entered(['bob', 'dan']);
  expect(presence.joined('cid')).toEqual({
    members: ['bob', 'cid', 'dan'],
    count: 3,
    change: { kind: 'joined', userId: 'cid' },
  });
});

test('who is there already does not come, and who is not there does not leave', () => {
  entered(['bob']);
  expect(presence.joined('bob')).toBeUndefined();
  expect(presence.left('cid')).toBeUndefined();
});

test('who is counted but not listed can leave', () => {
  entered(['bob'], 2_000);
  expect(presence.left('zoe')).toEqual({
    members: ['bob'],
    count: 1_999,
    change: { kind: 'left', userId: 'zoe' },
  });
});
