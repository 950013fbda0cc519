import type { Connection, State } from './model.ts';

/** How bad it is for patients, and what is said of it in one sentence. Pure. */

const WORST_FIRST: readonly State[] = ['down', 'failing', 'in-doubt', 'stale', 'unread', 'paused', 'working'];

/** Worst first; of the same, in the order of the configuration. */
export const worstFirst = (connections: readonly Connection[]): readonly Connection[] =>
  [...connections].sort((a, b) => WORST_FIRST.indexOf(a.state) - WORST_FIRST.indexOf(b.state));

export const needsAttention = ({ state }: Connection): boolean => state !== 'working';

export type Tone = 'free' | 'warn' | 'wrong' | 'quiet';

const TONES: Readonly<Record<State, Tone>> = {
  working: 'free',
  down: 'wrong',
  failing: 'wrong',
  'in-doubt': 'warn',
  stale: 'warn',
  unread: 'warn',
  paused: 'quiet',
};

export const toneOf = ({ state }: Connection): Tone => TONES[state];

/** Which sentence of the words it is (`connections.says`). */
export type Saying =
  | { readonly key: 'here' | 'unstarted' }
  | { readonly key: 'well' | 'listed'; readonly ago: string }
  | { readonly key: 'neverListed' }
  | { readonly key: 'down' | 'failing'; readonly since: string | null }
  | { readonly key: 'in-doubt' | 'stale' | 'paused'; readonly since: string | null }
  | { readonly key: 'unread'; readonly read: number; readonly of: number };

export function sayingOf(connection: Connection): Saying {
  const { state, since, confirmedAt = null, feeds = 0, feedsRead = 0, editedHere, listed } = connection;
  switch (state) {
    case 'working':
      if (editedHere) return { key: 'here' };
      if (confirmedAt === null) return { key: 'neverListed' };
      return { key: listed ? 'listed' : 'well', ago: confirmedAt };
    case 'unread':
      return feeds === 0 ? { key: 'unstarted' } : { key: 'unread', read: feedsRead, of: feeds };
    case 'down':
    case 'failing':
    case 'in-doubt':
    case 'stale':
    case 'paused':
      return { key: state, since };
  }
}
