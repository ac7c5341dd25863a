/**
 * The address under which calls are made, with the scheme `ws` or `wss` and no slash at the end.
 *
 * @param baseUrl absolute (`https://chat.example/api`) or relative to the page (`/api`, or `` for its root)
 * @param pageUrl what a relative one is relative to; undefined where there is no page
 * @throws TypeError if it cannot be the start of a WebSocket's address
 */
export function webSocketBaseUrl(baseUrl: string, pageUrl: string | undefined): string {
  const url = parse(baseUrl === '' ? '/' : baseUrl, pageUrl);
  if (!url) {
    const expected = pageUrl === undefined ? 'an absolute URL, as there is no page' : 'a URL';
    throw new TypeError(`baseUrl: ${baseUrl} (expected: ${expected})`);
  }
  if (url.search !== '' || url.hash !== '') {
    throw new TypeError(`baseUrl: ${baseUrl} (expected: no query and no fragment)`);
  }
  const scheme = SCHEMES[url.protocol];
  if (scheme === undefined) {
    throw new TypeError(`baseUrl: ${baseUrl} (expected: http, https, ws or wss)`);
  }
  // `URL.protocol` may not be set from one kind of scheme to another in every engine: replace the text instead.
  return url.href.replace(url.protocol, scheme).replace(/\/$/, '');
}

const SCHEMES: Readonly<Record<string, string>> = {
  'http:': 'ws:',
  'https:': 'wss:',
  'ws:': 'ws:',
  'wss:': 'wss:',
};

function parse(url: string, base: string | undefined): URL | undefined {
  try {
    return new URL(url, base);
  } catch {
    return undefined;
  }
}
