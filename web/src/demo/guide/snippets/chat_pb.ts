// What `protoc-gen-es` makes of chat.proto; a program has it beside its own files.
export * from '../../../gen/duplexer/chat/v1/chat_pb';
