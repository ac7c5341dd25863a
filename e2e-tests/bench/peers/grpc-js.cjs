'use strict';
// Echoes google.protobuf.BytesValue in unary calls and in streams, on native gRPC.

const grpc = require('@grpc/grpc-js');
const { fromBinary, toBinary } = require('@bufbuild/protobuf');
const { BytesValueSchema } = require('@bufbuild/protobuf/wkt');

const serialize = (message) => Buffer.from(toBinary(BytesValueSchema, message));
const deserialize = (bytes) => fromBinary(BytesValueSchema, bytes);
const method = (name, streaming) => ({
  path: `/bench.Echo/${name}`,
  requestStream: streaming,
  responseStream: streaming,
  requestSerialize: serialize,
  requestDeserialize: deserialize,
  responseSerialize: serialize,
  responseDeserialize: deserialize,
});

const server = new grpc.Server();
server.addService(
  { Unary: method('Unary', false), Chat: method('Chat', true) },
  {
    Unary: (call, callback) => callback(null, call.request),
    Chat: (call) => {
      call.on('data', (message) => call.write(message));
      call.on('end', () => call.end());
      call.on('error', () => {});
    },
  },
);
server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) {
    throw error;
  }
  console.log(`ready ${port}`);
});
