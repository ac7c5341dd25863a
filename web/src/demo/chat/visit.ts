/** Who is on this page, and where. */
export interface Visit {
  readonly room: string;
  readonly left: string;
  readonly right: string;
}

/** The limit of the contract for the names of people and rooms, in bytes of UTF-8. */
export const MAX_NAME_BYTES = 128;

const QUALITIES = [
  'Amber',
  'Brisk',
  'Calm',
  'Deft',
  'Eager',
  'Fair',
  'Gentle',
  'Hardy',
  'Keen',
  'Lively',
  'Merry',
  'Nimble',
  'Quiet',
  'Ready',
  'Swift',
  'Witty',
];
const BIRDS = [
  'Avocet',
  'Bittern',
  'Curlew',
  'Dunlin',
  'Egret',
  'Finch',
  'Grebe',
  'Heron',
  'Ibis',
  'Jay',
  'Kestrel',
  'Lapwing',
  'Plover',
  'Siskin',
  'Tern',
  'Wren',
];

/**
 * Reads the visit from the page's address: `?room=NAME&left=NAME&right=NAME`. What is missing or not a valid name is
 * chosen: the room `lobby`, and two different names that another window will hardly have.
 *
 * @param random returns a number from 0 to below 1
 */
export function visitOf(query: string, random: () => number): Visit {
  const parameters = new URLSearchParams(query);
  const given = (name: string) => {
    const value = parameters.get(name)?.trim() ?? '';
    return nameError(value) === undefined ? value : undefined;
  };
  const left = given('left') ?? pickName(random);
  const right = given('right') ?? pickName(random, left);
  return { room: given('room') ?? 'lobby', left, right };
}

/** The address of the same room, for a second window, whose people get names of their own. */
export function linkToRoom(room: string): string {
  return `?${new URLSearchParams({ room })}`;
}

/** What is wrong with the name of a person or a room, for a person to read; `undefined` when nothing is. */
export function nameError(name: string): string | undefined {
  const bytes = new TextEncoder().encode(name).length;
  if (bytes === 0) {
    return 'Give a name.';
  }
  if (bytes > MAX_NAME_BYTES) {
    return `This is ${bytes} bytes long; names have at most ${MAX_NAME_BYTES}.`;
  }
  return /\p{Cc}/u.test(name) ? 'Names have no control characters.' : undefined;
}

/** Picks a quality and a bird, the bird never that of the name `other`. */
function pickName(random: () => number, other = ''): string {
  const pick = (words: readonly string[]) => words[Math.floor(random() * words.length)];
  return `${pick(QUALITIES)} ${pick(BIRDS.filter((bird) => !other.endsWith(bird)))}`;
}
