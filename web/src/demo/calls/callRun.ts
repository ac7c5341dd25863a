import { type Client, createClient } from '@connectrpc/connect';
import { createGrpcWebTransport } from '@connectrpc/connect-web';
import type { ChatTransport } from '../../chat/channel';
import { webSocketChannel } from '../../chat/webSocketChannel';
import { ChatService } from '../../gen/duplexer/chat/v1/chat_pb';
import { createGrpcWebSocketTransport } from '../../transport';
import { chatUrl } from '../chatUrl';
import type { TransportName } from '../transports';
import type { LoggedFrame, OpenTap } from '../wire/frame';
import { tappedFetch } from '../wire/tappedFetch';
import { tappedWebSocket } from '../wire/tappedWebSocket';
import type { WireLog } from '../wire/wireLog';
import type { CallResult, Timeline } from './call';

/** Makes a call, for real, each time it is called. Rejects when the call failed. */
export type MakeCall = (run: CallRun) => Promise<CallResult>;

/** The chat's methods, on whichever transport. */
export type ChatServiceClient = Client<typeof ChatService>;

/** One making of a call: clients whose frames are kept, in the order in which they crossed. */
export class CallRun {
  readonly #log: WireLog;
  readonly #source: string;
  readonly #frames: LoggedFrame[] = [];
  #startMs = performance.now();

  constructor(log: WireLog, source: string) {
    this.#log = log;
    this.#source = source;
  }

  /** What crossed so far. */
  get timeline(): Timeline {
    return { frames: this.#frames, startMs: this.#startMs };
  }

  /** Counts the time from now on: what went before was preparation. */
  begin(): void {
    this.#startMs = performance.now();
  }

  grpcWeb(): ChatServiceClient {
    const transport = createGrpcWebTransport({
      baseUrl: location.origin,
      fetch: tappedFetch(this.taps('grpc-web')),
    });
    return createClient(ChatService, transport);
  }

  grpcWebSocket(): ChatServiceClient {
    const webSocket = tappedWebSocket(this.taps('grpc-websocket'), 'grpc');
    return createClient(ChatService, createGrpcWebSocketTransport({ baseUrl: '/', webSocket }));
  }

  webSocket(): ChatTransport {
    return webSocketChannel({ url: chatUrl(), webSocket: tappedWebSocket(this.taps('websocket'), 'chat') });
  }

  /** For calls made by hand. */
  taps(transport: TransportName): OpenTap {
    return this.#log.taps(this.#source, transport, (frame) => this.#frames.push(frame));
  }
}
