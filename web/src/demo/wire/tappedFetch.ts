import type { OpenTap, Tap } from './frame';
import { FrameSplitter } from './frameSplitter';

/** `fetch` for gRPC-Web calls that tells of what crosses. The path ends in the method's name. */
export function tappedFetch(openTap: OpenTap, inner: typeof fetch = (...of) => fetch(...of)): typeof fetch {
  return async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input, globalThis.location?.href);
    const tap = openTap(url.pathname.slice(url.pathname.lastIndexOf('/') + 1));
    tap('up', 'headers', requestHead(url, init));
    if (init.body instanceof Uint8Array) {
      tap('up', 'message', init.body);
    }
    try {
      const response = await inner(input, init);
      tap('down', 'headers', responseHead(response));
      return response.body ? new Response(tapped(response.body, tap), response) : response;
    } catch (error) {
      tap('down', 'close', String(error), 0);
      throw error;
    }
  };
}

function tapped(body: ReadableStream<Uint8Array<ArrayBuffer>>, tap: Tap): ReadableStream {
  const splitter = new FrameSplitter();
  return body.pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(chunk, controller) {
        for (const { flags, bytes, length } of splitter.push(chunk)) {
          tap('down', (flags & 0x80) === 0 ? 'message' : 'trailers', bytes, length);
        }
        controller.enqueue(chunk);
      },
      flush: () => tap('down', 'close', 'end of the response', 0),
    }),
  );
}

/** What the page sets; the browser adds its own, which no page can read. */
function requestHead({ pathname }: URL, { method = 'GET', headers }: RequestInit): string {
  return lines(`${method} ${pathname}`, new Headers(headers));
}

function responseHead({ status, headers }: Response): string {
  return lines(`HTTP ${status}`, headers);
}

function lines(first: string, headers: Headers): string {
  return [first, ...[...headers].map(([name, value]) => `${name}: ${value}`)].join('\r\n');
}
