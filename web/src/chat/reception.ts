import type { Message } from '../gen/duplexer/chat/v1/chat_pb';
import type { Acknowledgement, Refusal } from './channel';
import type { ChatEvents } from './chatEvents';
import { chatLineOf } from './chatLine';
import type { Cancel, Clock } from './clock';
import type { HistoryPager } from './historyPager';
import type { Joined } from './link';
import type { Listeners } from './listeners';
import { ANSWER_TIMEOUT_MS, type Outbox } from './outbox';
import { PresenceTracker } from './presence';
import { type Counts, RecoveryCounter } from './recovery';
import { type ResumePoint, SequenceTracker } from './sequenceTracker';
import type { TypingTracker } from './typing';

/** Whom the reception tells, and whom it asks. */
export interface ReceptionOptions {
  readonly userId: string;
  readonly clock: Clock;
  /** Where an earlier client was, if this one goes on from there. */
  readonly resume: ResumePoint | undefined;
  readonly events: Listeners<ChatEvents>;
  readonly outbox: Outbox;
  readonly pager: HistoryPager;
  readonly typing: TypingTracker;
  /** A message did not come: it is to be asked for by joining again. */
  readonly onMissing: () => void;
}

/** Takes what comes from the room, whichever connection it comes by, to those who know what to do with it. */
export class Reception {
  readonly #options: ReceptionOptions;
  readonly #tracker: SequenceTracker;
  readonly #counter = new RecoveryCounter();
  readonly #presence = new PresenceTracker();
  /** The room is known to have come this far; `0` when there is nothing to wait for. */
  #awaited = 0n;
  #cancelWait: Cancel = () => {};

  constructor(options: ReceptionOptions) {
    this.#options = options;
    this.#tracker = new SequenceTracker(options.resume);
    if (options.resume) {
      options.pager.begin(options.resume.sequence + 1n);
    }
  }

  get resumePoint(): ResumePoint | undefined {
    return this.#tracker.resumePoint;
  }

  get counts(): Counts {
    return this.#counter.counts;
  }

  /** The room was entered, for the first time or again; what was missed follows. */
  joined(joined: Joined): void {
    const { answer, resumedFrom } = joined;
    const { events, outbox, pager } = this.#options;
    const gap = this.#tracker.joined(joined);
    this.#counter.joined(joined, gap);
    if (gap?.kind === 'new-history') {
      pager.fail('the server has a new history');
    }
    if (gap?.kind === 'new-history' || resumedFrom === undefined) {
      pager.begin(answer.missed === 0 ? answer.sequence + 1n : undefined);
    }
    if (gap) {
      events.emit('gap', gap);
    }
    events.emit('presence', this.#presence.entered(answer));
    this.#finishRecovery();
    outbox.resend();
    pager.resend();
  }

  /** An own message is in the room, said beside the stream that brings its line. If that does not come, the stream is dead. */
  acknowledged({ id, sequence }: Acknowledgement): void {
    const { clock, outbox, onMissing } = this.#options;
    outbox.acknowledge(id, sequence);
    if (this.#awaited === 0n && sequence > this.#last) {
      this.#awaited = sequence;
      this.#cancelWait = clock.after(ANSWER_TIMEOUT_MS, onMissing);
    }
  }

  /** The connection is gone: it brings nothing more. */
  pause(): void {
    this.#awaited = 0n;
    this.#cancelWait();
  }

  receive(message: Message): void {
    const { id, userId, event } = message;
    const { pager, typing } = this.#options;
    switch (event.case) {
      case undefined:
        this.#receiveLine(message);
        break;
      case 'joined':
        this.#tellPresence(this.#presence.joined(userId));
        break;
      case 'left':
        typing.stopped(userId);
        this.#tellPresence(this.#presence.left(userId));
        break;
      case 'typing':
        if (userId !== this.#options.userId) {
          typing.typing(userId);
        }
        break;
      case 'history':
        pager.receive(id, event.value);
        break;
      case 'rejected': {
        const { reason, retryAfterMillis } = event.value;
        this.refused({ id, reason, retryAfterMs: retryAfterMillis || undefined });
        break;
      }
      case 'join':
      case 'recovered':
      case 'readHistory':
        break;
    }
  }

  /** The server refused what was sent under an id, or, without one, something else. */
  refused(refusal: Refusal): void {
    const { events, outbox, pager } = this.#options;
    if (refusal.id === '') {
      events.emit('problem', refusal.reason);
    } else {
      pager.refuse(refusal);
      outbox.refuse(refusal);
    }
  }

  #receiveLine(message: Message): void {
    const { id, userId, sequence, previousSequence, duplicate } = message;
    const { events, outbox, pager, typing, onMissing } = this.#options;
    if (userId === this.#options.userId) {
      outbox.acknowledge(id, sequence);
    }
    // A repeated acknowledgement is for its sender alone: it has an old place, not the next one.
    if (duplicate) {
      return;
    }
    const step = this.#tracker.accept(message);
    this.#counter.took(step);
    if (step.kind === 'early') {
      onMissing();
    } else if (step.kind === 'next') {
      if (step.gap) {
        events.emit('gap', step.gap);
      }
      typing.stopped(userId);
      pager.line(sequence, previousSequence);
      if (sequence >= this.#awaited) {
        this.pause();
      }
      events.emit('line', chatLineOf(message));
      this.#finishRecovery();
    }
  }

  get #last(): bigint {
    return this.#tracker.resumePoint?.sequence ?? 0n;
  }

  #finishRecovery(): void {
    const recovery = this.#counter.finished(this.#last);
    if (recovery) {
      this.#options.events.emit('recovery', recovery);
    }
  }

  #tellPresence(presence: ChatEvents['presence'] | undefined): void {
    if (presence) {
      this.#options.events.emit('presence', presence);
    }
  }
}
