import type { Presence } from '../../chat/presence';
import type { Traffic } from '../../chat/traffic';

/** So many names are read out; of more, how many. */
const MAX_NAMES = 4;

/** Who is in the room, for a person to read. */
export function presenceWords({ members, count }: Presence): string {
  const named = members.slice(0, MAX_NAMES);
  const more = count - named.length;
  return `${count} here: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Who is typing, for a person to read; empty when nobody is. */
export function typingWords(userIds: readonly string[]): string {
  switch (userIds.length) {
    case 0:
      return '';
    case 1:
      return `${userIds[0]} is typing…`;
    case 2:
      return `${userIds[0]} and ${userIds[1]} are typing…`;
    default:
      return 'Several people are typing…';
  }
}

/** What went over the network, for a person to read. */
export function trafficWords({ requests, bytesSent, bytesReceived }: Traffic): string {
  const plural = requests === 1 ? 'request' : 'requests';
  return `${requests} ${plural} · ${formatBytes(bytesSent)} sent · ${formatBytes(bytesReceived)} received`;
}

/** A number of bytes; thousands from 10 kB on. */
function formatBytes(bytes: number): string {
  return bytes < 10_000 ? `${bytes} B` : `${(bytes / 1_000).toFixed(1)} kB`;
}

/** Which messages are given up by leaving a room, for a person to read; empty when there are none. */
export function droppedWords(count: number, room: string): string {
  switch (count) {
    case 0:
      return '';
    case 1:
      return `1 message that you wrote in ${room} may not have been sent.`;
    default:
      return `${count} messages that you wrote in ${room} may not have been sent.`;
  }
}
