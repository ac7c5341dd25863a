import type { Join, Message } from '../gen/duplexer/chat/v1/chat_pb';
import type { TrafficMeter } from './traffic';

/** What to join, and as whom. */
export interface ChannelRequest {
  readonly userId: string;
  readonly room: string;
  /** How far back: some history, or the place where the last connection was lost. */
  readonly join: Join;
}

/** The server stored a message that was sent on this channel. */
export interface Acknowledgement {
  readonly id: string;
  readonly sequence: bigint;
}

/** What was sent on this channel under this id was not done. */
export interface Refusal {
  readonly id: string;
  /** For a person to read. */
  readonly reason: string;
  /** After how long the same may be sent again; `undefined` when that cannot help. */
  readonly retryAfterMs: number | undefined;
}

/** Why a channel ended. */
export interface ChannelEnd {
  /** For a person to read. */
  readonly reason: string;
  /** Whether a new channel may fare better. */
  readonly mayReconnect: boolean;
}

/** What a channel tells its user. Nothing is called before the channel is returned, or after its `onEnd`. */
export interface ChannelListener {
  /** The server sent a chat message or an event. The first is the answer to the join. */
  onMessage(message: Message): void;
  /** Only of channels where the answer to a message is not its echo. */
  onAcknowledged(acknowledgement: Acknowledgement): void;
  /** Only of channels where a refusal is not a `rejected` event. */
  onRefused(refusal: Refusal): void;
  /** The channel is over; called once, and not after `close`. */
  onEnd(end: ChannelEnd): void;
}

/** One connection to one room: opened once, used, and thrown away. Its methods are for after the answer to the join. */
export interface Channel {
  /** Publishes one message. */
  send(id: string, content: string): void;
  /** Tells the room that its person is writing. Nobody waits for it: what becomes of it is not told. */
  sendTyping(): void;
  /** Asks for at most `limit` messages before a sequence. Answered by a `history` event with this id, or a refusal. */
  readHistory(id: string, before: bigint, limit: number): void;
  /** Leaves the room. Idempotent; the listener hears nothing more. */
  close(): void;
}

/** One way to reach the server, such as gRPC-Web or a WebSocket. */
export interface ChatTransport {
  /** Which way it is, e.g. `grpc-web`: to show, not to interpret. */
  readonly name: string;
  /** Opens a channel. What goes over the network for it is counted by `meter`. */
  open(request: ChannelRequest, listener: ChannelListener, meter: TrafficMeter): Channel;
}
