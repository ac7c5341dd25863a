import { createClient, createRouterTransport } from '@connectrpc/connect';
import { beforeEach, expect, test } from 'vitest';
import type { ChannelListener, ChatTransport } from '../../chat/channel';
import { FakeChannel } from '../../chat/testing/fakeChannel';
import { ChatService } from '../../gen/duplexer/chat/v1/chat_pb';
import { ScratchRoom } from './scratchRoom';
import { webSocketCalls } from './webSocketCalls';

/** A room that answers joins with its stored messages, and messages with their echo. */
class EchoingChannel extends FakeChannel {
  #sequence = 0n;
  /** The most messages that were ever unanswered at once. */
  mostUnanswered = 0;
  #unanswered = 0;

  constructor(request: FakeChannel['request'], listener: ChannelListener) {
    super(request, listener);
    queueMicrotask(() => {
      this.join();
      for (let i = 0; i < request.join.history; i++) {
        this.#echo('');
      }
    });
  }

  override send(id: string, content: string): void {
    super.send(id, content);
    this.mostUnanswered = Math.max(this.mostUnanswered, ++this.#unanswered);
    queueMicrotask(() => {
      this.#unanswered--;
      this.#echo(id);
    });
  }

  #echo(id: string): void {
    this.line(++this.#sequence, this.#sequence - 1n, { id });
  }
}

let channels: EchoingChannel[];
let calls: ReturnType<typeof webSocketCalls>;
let run: Parameters<(typeof calls)['unary']>[0];

beforeEach(() => {
  channels = [];
  const echoing: ChatTransport = {
    name: 'echoing',
    open(request, listener) {
      const channel = new EchoingChannel(request, listener);
      channels.push(channel);
      return channel;
    },
  };
  const transport = createRouterTransport(({ service }) =>
    service(ChatService, { sendMessage: () => ({ success: true }) }),
  );
  calls = webSocketCalls(new ScratchRoom(createClient(ChatService, transport)));
  run = { webSocket: () => echoing, begin: () => {} };
});

test.each([
  ['unary', 1],
  ['server-streaming', 0],
  ['client-streaming', 20],
  ['bidirectional', 10],
] as const)('%s: %i messages on one socket, closed at the end', async (kind, sent) => {
  expect(await calls[kind](run)).toMatchObject({ outcome: 'ok' });
  expect(channels.map((channel) => channel.sent.length)).toEqual([sent]);
  expect(channels.map(({ closed }) => closed)).toEqual([true]);
});

test('client streaming does not wait for answers', async () => {
  await calls['client-streaming'](run);
  expect(channels[0]?.mostUnanswered).toBe(20);
});

test('in a bidirectional exchange each message is answered before the next is sent', async () => {
  await calls.bidirectional(run);
  expect(channels[0]?.sent).toHaveLength(10);
  expect(channels[0]?.mostUnanswered).toBe(1);
});
