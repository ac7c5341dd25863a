// The article's browser client, line by line, with the ws package in the place of the browser's WebSocket. What it
// logs goes to the test as JSON. Usage: node article-websocket.cjs WS_URL
const WebSocket = require('ws');

const log = (...args) => console.log(JSON.stringify(args));

const ws = new WebSocket(process.argv[2]);
ws.onopen = () => {
  log('Connected to server');
  ws.send(
    JSON.stringify({
      user_id: 'client1',
      content: 'Hello server!',
      timestamp: Date.now(),
    }),
  );
};
ws.onmessage = (event) => {
  const message = JSON.parse(event.data);
  log('Received:', message);
};
ws.onerror = (error) => {
  log('WebSocket error:', String(error));
};
ws.onclose = () => {
  log('Disconnected from server');
};

// Not the article's: the test ends the connection by a line on standard input.
process.stdin.once('data', () => {
  ws.close();
  process.stdin.destroy();
});
