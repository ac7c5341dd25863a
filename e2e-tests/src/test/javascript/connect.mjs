// Connect-ES with the transport under test, from its sources.
export { create, fromBinary, toBinary, toJson } from '@bufbuild/protobuf';
export { base64Decode, base64Encode } from '@bufbuild/protobuf/wire';
export { Code, ConnectError, createClient, decodeBinaryHeader, encodeBinaryHeader } from '@connectrpc/connect';
export {
  ChatService,
  MessageSchema,
  RejectedSchema,
} from '../../../../web/src/gen/duplexer/chat/v1/chat_pb.ts';
export { createGrpcWebSocketTransport } from '../../../../web/src/transport/index.ts';
export { exchange } from './links.mjs';
