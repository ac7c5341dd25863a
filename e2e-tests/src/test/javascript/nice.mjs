// nice-grpc-web with its WebSocket transport, over messages of protobuf-es.
import { create, fromBinary, toBinary, toJson } from '@bufbuild/protobuf';
import { base64Decode, base64Encode } from '@bufbuild/protobuf/wire';
import { createChannel, createClient, Metadata, WebsocketTransport } from 'nice-grpc-web';
import { EventQueue } from './eventQueue.mjs';

export { ChatService } from '../../../../web/src/gen/duplexer/chat/v1/chat_pb.ts';

const HALF_CLOSE = Symbol('half-close');

/** The definition that its code generator would make of a method. */
function definitionOf(method) {
  return {
    path: `/${method.parent.typeName}/${method.name}`,
    requestStream: method.methodKind === 'client_streaming' || method.methodKind === 'bidi_streaming',
    responseStream: method.methodKind === 'server_streaming' || method.methodKind === 'bidi_streaming',
    requestSerialize: (message) => toBinary(method.input, create(method.input, message)),
    requestDeserialize: (bytes) => fromBinary(method.input, bytes),
    responseSerialize: (message) => toBinary(method.output, message),
    responseDeserialize: (bytes) => fromBinary(method.output, bytes),
    options: {},
  };
}

/** Base64 as bytes, as this library wants the values of names that end in -bin. */
function toMetadata(headers) {
  return Metadata(
    Object.entries(headers).map(([name, value]) => [name, name.endsWith('-bin') ? base64Decode(value) : value]),
  );
}

function toHeaders(metadata) {
  const headers = {};
  for (const [name, values] of metadata) {
    headers[name] = values.map((value) => (typeof value === 'string' ? value : base64Encode(value)));
  }
  return headers;
}

/** Starts a call. Its events are, in order: `{ headers }`, `{ message }` ..., `{ code, text, trailers }`. */
export function open(url, method, metadata = {}) {
  const definition = definitionOf(method);
  const client = createClient({ call: definition }, createChannel(url, WebsocketTransport()));
  const requests = new EventQueue();
  const events = new EventQueue();
  const abort = new AbortController();
  let trailers = {};

  async function* stream() {
    for (let request = await requests.next(); request !== HALF_CLOSE; request = await requests.next()) {
      yield request;
    }
  }

  async function run() {
    const response = client.call(definition.requestStream ? stream() : await requests.next(), {
      metadata: toMetadata(metadata),
      signal: abort.signal,
      onHeader: (header) => events.push({ headers: toHeaders(header) }),
      onTrailer: (trailer) => {
        trailers = toHeaders(trailer);
      },
    });
    const push = (message) => events.push({ message: toJson(method.output, message, { useProtoFieldName: true }) });
    if (definition.responseStream) {
      for await (const message of response) {
        push(message);
      }
    } else {
      push(await response);
    }
  }

  run().then(
    () => events.push({ code: 0, text: '', trailers }),
    (error) => events.push({ code: error.code ?? String(error), text: error.details, trailers }),
  );
  return {
    send: (message) => requests.push(message),
    halfClose: () => requests.push(HALF_CLOSE),
    cancel: () => abort.abort(),
    next: () => events.next(),
    rest: () => events.rest(),
  };
}
