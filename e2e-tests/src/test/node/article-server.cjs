// A chat service in Node as the article describes it, with its chat.proto: it acknowledges a message, sends an update
// every so often, and echoes. It is served under the package's name, too. Prints its port, and which calls were cancelled.
'use strict';
const { randomUUID } = require('node:crypto');
const path = require('node:path');
const grpc = require('@grpc/grpc-js');
const { loadSync } = require('@grpc/proto-loader');

const [address = '127.0.0.1:0', everyMs = '1000'] = process.argv.slice(2);
const definition = loadSync(path.join(__dirname, 'chat.proto'), { keepCase: true, longs: Number })['ChatService'];
const print = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
const message = (user_id, content) => ({ id: randomUUID(), user_id, content, timestamp: Date.now() });

const handlers = {
  SendMessage(call, callback) {
    callback(null, { success: true, message_id: randomUUID() });
  },

  SubscribeToMessages(call) {
    const timer = setInterval(() => call.write(message('system', 'Server update')), Number(everyMs));
    call.on('cancelled', () => {
      clearInterval(timer);
      print({ cancelled: 'SubscribeToMessages' });
    });
  },

  Chat(call) {
    call.on('data', (received) => call.write(message('server', `Echo: ${received.content}`)));
    call.on('end', () => call.end());
    call.on('cancelled', () => print({ cancelled: 'Chat' }));
  },
};

const server = new grpc.Server();
for (const prefix of ['/ChatService/', '/duplexer.chat.v1.ChatService/']) {
  const methods = Object.entries(definition).map(([name, method]) => [name, { ...method, path: prefix + name }]);
  server.addService(Object.fromEntries(methods), handlers);
}
server.bindAsync(address, grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  print({ port });
});
