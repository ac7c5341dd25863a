// Echoes google.protobuf.BytesValue in unary calls and in streams, on gRPC-Web over HTTP/2.

import { createServer } from 'node:http2';
import { create, createFileRegistry } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema, file_google_protobuf_wrappers } from '@bufbuild/protobuf/wkt';
import { connectNodeAdapter } from '@connectrpc/connect-node';

const method = (name, streaming) => ({
  name,
  inputType: '.google.protobuf.BytesValue',
  outputType: '.google.protobuf.BytesValue',
  clientStreaming: streaming,
  serverStreaming: streaming,
});
const file = create(FileDescriptorProtoSchema, {
  name: 'bench.proto',
  package: 'bench',
  syntax: 'proto3',
  dependency: [file_google_protobuf_wrappers.proto.name],
  service: [
    {
      name: 'Echo',
      method: [method('Unary', false), method('Chat', true)],
    },
  ],
});
const Echo = createFileRegistry(file, () => file_google_protobuf_wrappers).getService('bench.Echo');

const server = createServer(
  connectNodeAdapter({
    routes: (router) => router.service(Echo, { unary: (message) => message, chat: (messages) => messages }),
  }),
);
server.listen(0, '127.0.0.1', () => console.log(`ready ${server.address().port}`));
