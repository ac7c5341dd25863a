import { CHAT_TITLES, type ChatTransportName } from '../chat/chatChoices';

/** A statement about gRPC and WebSockets, and the experiment of this page that shows it. */
export interface Claim {
  readonly topic: string;
  readonly webSocket: string;
  readonly grpc: string;
  /** The part of the page. */
  readonly experiment: string;
  readonly experimentTitle: string;
  /** The figures on the board, each with what to call it. */
  readonly figures: readonly (readonly [name: string, label: string])[];
}

const CHAT_NAMES = Object.keys(CHAT_TITLES) as ChatTransportName[];

/** A figure of the race, of each who ran. */
function ofEach(name: string): Claim['figures'] {
  return CHAT_NAMES.map((racer) => [`${name}/${racer}`, CHAT_TITLES[racer]]);
}

/** The comparison, line by line. */
export const CLAIMS: readonly Claim[] = [
  {
    topic: 'Browser support',
    webSocket: 'Native, no proxy.',
    grpc: 'gRPC-Web, usually by a proxy; here on the same port, without one.',
    experiment: 'calls',
    experimentTitle: 'Unary',
    figures: [
      ['unary/grpc-web', 'gRPC-Web'],
      ['unary/websocket', 'WebSocket'],
    ],
  },
  {
    topic: 'Server streaming',
    webSocket: 'Always both directions.',
    grpc: 'One request, many answers: gRPC-Web does that.',
    experiment: 'calls',
    experimentTitle: 'Server streaming',
    figures: [
      ['server-streaming/grpc-web', 'gRPC-Web'],
      ['server-streaming/websocket', 'WebSocket'],
    ],
  },
  {
    topic: 'Client and bidirectional streaming',
    webSocket: 'Always both directions.',
    grpc: 'Not by gRPC-Web in a browser; by gRPC on WebSocket, yes.',
    experiment: 'calls',
    experimentTitle: 'Bidirectional',
    figures: [
      ['bidirectional/grpc-web', 'gRPC-Web'],
      ['bidirectional/grpc-websocket', 'gRPC on WebSocket'],
      ['bidirectional/websocket', 'WebSocket'],
    ],
  },
  {
    topic: 'Message size',
    webSocket: 'JSON is larger; protobuf in binary frames is as small as gRPC’s.',
    grpc: 'Protobuf, and five bytes of prefix.',
    experiment: 'race',
    experimentTitle: 'Payload of a message, both ways',
    figures: ofEach('race-payload'),
  },
  {
    topic: 'Overhead',
    webSocket: 'One upgrade, then 2 to 14 bytes a frame.',
    grpc: 'gRPC-Web pays for HTTP headers with every message sent.',
    experiment: 'race',
    experimentTitle: 'All bytes of a message, both ways',
    figures: ofEach('race-bytes'),
  },
  {
    topic: 'Latency and rate',
    webSocket: 'The connection is there.',
    grpc: 'gRPC-Web makes a request for each message.',
    experiment: 'race',
    experimentTitle: 'p50, messages a second, requests made',
    figures: ofEach('race-speed'),
  },
  {
    topic: 'Multiplexing',
    webSocket: 'One stream a socket; over HTTP/2 a new socket is a stream of the connection that is there.',
    grpc: 'Many calls on one HTTP/2 connection; gRPC-Web over HTTP/1.1 has six at most.',
    experiment: 'calls',
    experimentTitle: 'Opening a socket',
    figures: [
      ['open/grpc-websocket', 'gRPC on WebSocket'],
      ['open/websocket', 'WebSocket'],
    ],
  },
  {
    topic: 'Reconnection and order',
    webSocket: 'Yours to write, or the chat client’s: resume by epoch and sequence.',
    grpc: 'Yours to write as well: a broken stream is a broken stream.',
    experiment: 'break',
    experimentTitle: 'Break it',
    figures: [
      ['break-drop', 'dropped'],
      ['break-offline', 'offline'],
      ['break-kill', 'killed'],
    ],
  },
  {
    topic: 'Debugging',
    webSocket: 'JSON can be read as it is.',
    grpc: 'Binary needs the contract; with it, every byte has a name.',
    experiment: 'wire',
    experimentTitle: 'The frame looked at last',
    figures: [['wire-frame', 'Frame']],
  },
];
