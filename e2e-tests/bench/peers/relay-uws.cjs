'use strict';
// Sends what one client says to all, the sender included, by its own publish and subscribe.

const uws = require('@trufflesuite/uws-js-unofficial');

const app = uws.App();

app
  .ws('/*', {
    open: (socket) => socket.subscribe('all'),
    message: (_, message, isBinary) => app.publish('all', message, isBinary),
  })
  .listen('127.0.0.1', 0, (listening) => {
    console.log(`ready ${uws.us_socket_local_port(listening)}`);
  });
