/** Where this page's server has the chat WebSocket. */
export function chatUrl(): string {
  return `${location.origin.replace(/^http/, 'ws')}/ws`;
}
