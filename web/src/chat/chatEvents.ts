import type { ChatLine } from './chatLine';
import type { ConnectionState } from './connection';
import type { Outgoing } from './outbox';
import type { Presence } from './presence';
import type { Recovery } from './recovery';
import type { Gap } from './sequenceTracker';
import type { Traffic } from './traffic';

/** What a chat client tells. */
export interface ChatEvents {
  /** The connection's state changed. */
  state: ConnectionState;
  /** The next message of the room: each once, in the room's order. */
  line: ChatLine;
  /** A message of one's own was written, acknowledged or refused. Its `line` comes by itself, before or after. */
  outgoing: Outgoing;
  /** Messages are missing for good between the line before and the line after. */
  gap: Gap;
  /** The room was entered again, and everything that was missed has come, or never will. */
  recovery: Recovery;
  /** The room was entered, or somebody came or left. */
  presence: Presence;
  /** Who else is typing, longest first; whoever is not heard of any more is left out after a while. */
  typing: readonly string[];
  /** Something went over the network. */
  traffic: Traffic;
  /** The server refused something that was not a message, for a person to read. */
  problem: string;
}
