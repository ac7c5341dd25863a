'use strict';
// Sends what one client says to all, the sender included.

const { createServer } = require('node:http');
const { Server } = require('socket.io');

const http = createServer();
const io = new Server(http, { transports: ['websocket'], perMessageDeflate: false });

io.on('connection', (socket) => {
  socket.on('message', (text) => io.emit('message', text));
});
http.listen(0, '127.0.0.1', () => console.log(`ready ${http.address().port}`));
