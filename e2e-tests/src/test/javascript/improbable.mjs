// @improbable-eng/grpc-web with its WebSocket transport, over messages of protobuf-es.
import { create, fromBinary, toBinary, toJson } from '@bufbuild/protobuf';
import { grpc } from '@improbable-eng/grpc-web';
import { EventQueue } from './eventQueue.mjs';

export { ChatService } from '../../../../web/src/gen/duplexer/chat/v1/chat_pb.ts';

/** The class that its code generator would make of a message. */
function messageClass(schema) {
  return class {
    constructor(value) {
      this.value = create(schema, value);
    }

    static deserializeBinary(bytes) {
      return new this(fromBinary(schema, bytes));
    }

    serializeBinary() {
      return toBinary(schema, this.value);
    }

    toObject() {
      return toJson(schema, this.value, { useProtoFieldName: true });
    }
  };
}

/** Starts a call. Its events are, in order: `{ headers }`, `{ message }` ..., `{ code, text, trailers }`. */
export function open(url, method, metadata = {}) {
  const events = new EventQueue();
  const requestType = messageClass(method.input);
  const call = grpc.client(
    {
      service: { serviceName: method.parent.typeName },
      methodName: method.name,
      requestStream: method.methodKind === 'client_streaming' || method.methodKind === 'bidi_streaming',
      responseStream: method.methodKind === 'server_streaming' || method.methodKind === 'bidi_streaming',
      requestType,
      responseType: messageClass(method.output),
    },
    { host: url, transport: grpc.WebsocketTransport() },
  );
  call.onHeaders(({ headersMap }) => events.push({ headers: headersMap }));
  call.onMessage((message) => events.push({ message: message.toObject() }));
  call.onEnd((code, text, { headersMap }) => events.push({ code, text, trailers: headersMap }));
  call.start(new grpc.Metadata(metadata));
  return {
    send: (message) => call.send(new requestType(message)),
    halfClose: () => call.finishSend(),
    cancel: () => call.close(),
    next: () => events.next(),
    rest: () => events.rest(),
  };
}
