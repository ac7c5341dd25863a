/** The part of npm's `ws` that specs use. Its own types bring all of Node's, which browser code must not see. */
declare module 'ws' {
  import type { WebSocketLike } from '../webSocketConnection.js';

  export interface ServerSocket {
    on(event: 'message', listener: (data: Uint8Array, isBinary: boolean) => void): void;
    on(event: 'close', listener: (code: number) => void): void;
    send(data: Uint8Array | string): void;
    close(code: number, reason?: string): void;
    terminate(): void;
    pause(): void;
    resume(): void;
  }

  export class WebSocketServer {
    constructor(options: {
      host: string;
      port: number;
      handleProtocols: (offered: Set<string>) => string | false;
    });
    on(event: 'listening', listener: () => void): void;
    on(
      event: 'connection',
      listener: (socket: ServerSocket, request: { readonly url: string }) => void,
    ): void;
    address(): { readonly port: number };
    close(callback: () => void): void;
  }

  export const WebSocket: new (url: string, protocols: string[]) => WebSocketLike;
}
