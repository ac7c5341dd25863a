import type { ChatTransport } from '../../chat/channel';
import { type ChatTransportName, chatChoice } from '../chat/chatChoices';
import type { TransportName } from '../transports';
import type { LoggedFrame } from '../wire/frame';
import { WireLog } from '../wire/wireLog';

/** A way to the server whose frames are kept. */
export interface Racer {
  readonly name: ChatTransportName;
  readonly title: string;
  /** Whose colour it has. */
  readonly transport: TransportName;
  /** The channel that the chat itself uses, on a connection of its own. */
  readonly chat: ChatTransport;
  readonly frames: readonly LoggedFrame[];
}

const RACERS: readonly (readonly [ChatTransportName, TransportName])[] = [
  ['grpc-web', 'grpc-web'],
  ['grpc-websocket', 'grpc-websocket'],
  ['websocket-protobuf', 'websocket'],
  ['websocket-json', 'websocket'],
];

/** Everybody at the start. Their frames do not go to the inspector, which would slow them down by drawing them. */
export function lineUp(): Racer[] {
  return RACERS.map(([name, transport]) => {
    const log = new WireLog();
    const frames: LoggedFrame[] = [];
    log.listen((frame) => frames.push(frame));
    const { title, transport: chat } = chatChoice(name, log, 'Race');
    return { name, title, transport, chat, frames };
  });
}
