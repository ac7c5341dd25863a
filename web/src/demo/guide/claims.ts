/** A statement about gRPC and WebSockets, and the experiment of this page that shows it. */
export interface Claim {
  readonly topic: string;
  readonly webSocket: string;
  readonly grpc: string;
  /** The part of the page. */
  readonly experiment: string;
  readonly experimentTitle: string;
  /** The figures on the board, each with what to call it; none where there is nothing to measure. */
  readonly figures: readonly (readonly [name: string, label: string])[];
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
    experimentTitle: 'Payload of a message',
    figures: [['race-payload', '']],
  },
  {
    topic: 'Overhead',
    webSocket: 'One upgrade, then 2 to 14 bytes a frame.',
    grpc: 'gRPC-Web pays for HTTP headers with every message sent.',
    experiment: 'race',
    experimentTitle: 'All bytes of a message',
    figures: [['race-bytes', '']],
  },
  {
    topic: 'Latency and rate',
    webSocket: 'The connection is there.',
    grpc: 'gRPC-Web makes a request for each message.',
    experiment: 'race',
    experimentTitle: 'p50 and messages a second',
    figures: [
      ['race-latency', 'p50'],
      ['race-rate', 'rate'],
    ],
  },
  {
    topic: 'Multiplexing',
    webSocket: 'One stream a socket; over HTTP/2 the sockets share a connection.',
    grpc: 'Many calls on one HTTP/2 connection.',
    experiment: 'race',
    experimentTitle: 'Requests made',
    figures: [['race-requests', '']],
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
    experimentTitle: 'The wire, byte by byte',
    figures: [],
  },
];
