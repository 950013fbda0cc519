import type { Asked, Known, OperationName, Platform, Written } from '../adapter/contract.ts';
import type { Mark } from '../adapter/observation.ts';
import { MINUTE, plus } from '../domain/instant.ts';
import { type SlotAttributes, UNKNOWN_ATTRIBUTES } from '../domain/slot.ts';
import { type Context, operation, PATIENT } from './context.ts';
import type { FreeTime } from './target.ts';

/** The four commands that make something, in one shape, so that a case can be said once for all of them. */

export const MAKING = ['block', 'hold', 'book', 'publish'] as const satisfies readonly OperationName[];
export type Making = (typeof MAKING)[number];
export const REMOVING = {
  block: 'unblock',
  hold: 'release',
  book: 'cancel',
  publish: 'withdraw',
} as const satisfies Record<Making, OperationName>;

export const ATTRIBUTES: SlotAttributes = {
  ...UNKNOWN_ATTRIBUTES,
  eligibility: ['registered-doctor'],
  reasons: ['urgent', 'semi-urgent'],
  reorientation: ['GAP'],
  mode: 'phone',
};

/**
 * @param known changes that, where the command can; null makes it anew.
 * @throws Error where a person was asked in its place.
 */
export async function make(
  name: Making,
  context: Context,
  platform: Platform,
  { interval, slot }: FreeTime,
  mark: Mark,
  known: Known | null = null,
): Promise<Written> {
  const { calendar } = context;
  switch (name) {
    case 'block':
      return written(await operation(platform, 'block')({ calendar, interval, mark, known }));
    case 'publish': {
      const attributes = ATTRIBUTES;
      return written(await operation(platform, 'publish')({ calendar, interval, mark, known, attributes }));
    }
    case 'hold': {
      const expiresAt = plus(context.now(), 5 * MINUTE);
      return operation(platform, 'hold')({ calendar, interval, slot, mark, expiresAt });
    }
    case 'book':
      return operation(platform, 'book')({ calendar, interval, slot, mark, patient: PATIENT, hold: known });
  }
}

export const unmake = async (
  name: Making,
  { calendar }: Context,
  platform: Platform,
  mark: Mark,
  known: Known,
): Promise<Written> => written(await operation(platform, REMOVING[name])({ calendar, mark, known }));

/** What is declared to be done is not asked of anybody. */
function written(answer: Written | Asked): Written {
  if (answer.outcome === 'asked') throw new Error('a person was asked, and its writes are declared as done');
  return answer;
}

/** What it made is read as. */
export const READ_AS = { block: 'block', hold: 'hold', book: 'appointment', publish: null } as const;

const MADE = { block: 'blocked', hold: 'held', book: 'booked' } as const;

/** What carries the mark at the platform, by the second way. */
export async function standing(context: Context, name: Making, time: FreeTime, mark: string) {
  if (name === 'publish') {
    const slots = await context.slotsAt(time.interval);
    return slots.filter((slot) => slot.interval.start === time.interval.start && slot.id !== time.slot);
  }
  const periods = await context.periodsAt(time.interval);
  return periods.filter((period) => period.reference === mark && period.kind === MADE[name]);
}
