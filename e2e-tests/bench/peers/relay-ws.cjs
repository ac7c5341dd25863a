'use strict';
// Sends what one client says to all, the sender included: the loop that every chat on ws has.

const { WebSocketServer, WebSocket } = require('ws');

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });

server.on('connection', (socket) => {
  socket.on('message', (data) => {
    const text = data.toString();
    for (const client of server.clients) {
      if (client.readyState === WebSocket.OPEN) {
        client.send(text);
      }
    }
  });
});
server.on('listening', () => console.log(`ready ${server.address().port}`));
