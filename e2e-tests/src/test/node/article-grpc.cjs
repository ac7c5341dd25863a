// The article's gRPC client: its chat.proto as it stands there, loaded the way the article loads it. Calls all three
// methods and prints what came of each. Usage: node article-grpc.cjs HOST:PORT
const grpc = require('@grpc/grpc-js');
const protoLoader = require('@grpc/proto-loader');

// keepCase, because the article's code says user_id; numbers, because its timestamps come from Date.now().
const packageDefinition = protoLoader.loadSync(`${__dirname}/chat.proto`, { keepCase: true, longs: Number });
const ChatService = grpc.loadPackageDefinition(packageDefinition).ChatService;

const client = new ChatService(process.argv[2], grpc.credentials.createInsecure());
const print = (line) => console.log(JSON.stringify(line));

function send(message) {
  return new Promise((resolve, reject) =>
    client.sendMessage(message, (error, response) => (error ? reject(error) : resolve(response))),
  );
}

/** All that a stream brings, and a promise for its being there. */
function collect(stream) {
  const messages = [];
  const waiting = [];
  stream.on('data', (message) => {
    messages.push(message);
    waiting.forEach((check) => check());
  });
  const until = (condition) =>
    new Promise((resolve) => {
      const check = () => condition(messages) && resolve();
      waiting.push(check);
      check();
    });
  return { messages, until };
}

async function main() {
  const subscription = client.subscribeToMessages({ user_id: 'subscriber' });
  const chat = client.chat();
  const subscribed = collect(subscription);
  const chatted = collect(chat);
  const ended = new Promise((resolve) => subscription.on('error', (error) => resolve(error.code)));

  // Nothing says when a stream is live but the first message on it.
  while (subscribed.messages.length === 0 || chatted.messages.length === 0) {
    await send({ user_id: 'sender', content: 'anyone there?' });
    await new Promise((resolve) => setTimeout(resolve, 10));
  }

  chat.write({ id: 'c1', user_id: 'chatter', content: 'Hello over bidi!', timestamp: 1 });
  await chatted.until((messages) => messages.some(({ id }) => id === 'c1'));
  print({ call: 'SendMessage', response: await send({ id: 's1', user_id: 'sender', content: 'Hello over unary!' }) });
  await Promise.all([subscribed, chatted].map(({ until }) => until((all) => all.some(({ id }) => id === 's1'))));

  const status = new Promise((resolve) => chat.on('status', ({ code }) => resolve(code)));
  chat.end();
  print({ call: 'Chat', messages: chatted.messages.slice(-2), code: await status });
  subscription.cancel();
  print({ call: 'SubscribeToMessages', messages: subscribed.messages.slice(-2), code: await ended });

  const refused = await send({ content: 'from nobody' }).catch((error) => error);
  print({ call: 'refused', code: refused.code, details: refused.details });
  client.close();
}

main();
