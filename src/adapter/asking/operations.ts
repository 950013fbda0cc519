import { type Instant, MINUTE } from '../../domain/instant.ts';
import { type Interval, sameInterval } from '../../domain/interval.ts';
import type { Asked, Connect, Known, Operations, Remove } from '../contract.ts';
import { dueAt } from './deadline.ts';
import { listedId, listedInterval } from './ids.ts';
import type { AskingSettings } from './settings.ts';
import { type Deed, type Place, taskFor } from './wording.ts';

/**
 * The writes of a platform that no program can write to: each is worded for a person, and that is all that is done. Asked
 * twice, the same is asked. Nobody is booked or held for: who comes is never told by a task, and a hold is over before
 * somebody has read one.
 */

export type AskingOperations = Required<
  Pick<Operations, 'block' | 'unblock' | 'publish' | 'withdraw' | 'cancel'>
>;

export function askingOperations({
  settings,
  environment: { clock },
  zoneOf,
}: Pick<Connect<AskingSettings>, 'settings' | 'environment' | 'zoneOf'>): AskingOperations {
  const placeOf = (calendar: string): Place => ({
    calendar: settings.names[calendar] ?? calendar,
    platform: settings.title,
    zone: zoneOf(calendar),
  });
  const ask = (calendar: string, deed: Deed, externalId: string | null): Asked => {
    const within = deed.do === 'close' ? settings.closeWithinMinutes : settings.openWithinMinutes;
    return {
      outcome: 'asked',
      externalId,
      dueAt: dueAt(clock.now(), within * MINUTE, { start: startOf(deed) }),
      task: taskFor(deed, placeOf(calendar)),
    };
  };
  const removal = async (
    { calendar, known, times }: Remove,
    deed: 'reopen' | 'withdraw' | 'cancel',
  ): Promise<Asked> => {
    const named = listedInterval(known.externalId);
    return ask(calendar, { do: deed, times: times ?? (named ? [named] : []) }, null);
  };
  return {
    block: async ({ calendar, interval, known }) =>
      ask(
        calendar,
        { do: 'close', time: interval, instead: insteadOf(known, interval) },
        listedId({ calendar, interval, status: 'blocked' }),
      ),
    publish: async ({ calendar, interval, known, attributes }) =>
      ask(
        calendar,
        {
          do: 'offer',
          time: interval,
          instead: insteadOf(known, interval),
          isChange: known !== null,
          attributes,
        },
        listedId({ calendar, interval, status: 'free' }),
      ),
    unblock: (command) => removal(command, 'reopen'),
    withdraw: (command) => removal(command, 'withdraw'),
    cancel: (command) => removal(command, 'cancel'),
  };
}

const startOf = (deed: Deed): Instant => {
  const [first] = 'times' in deed ? deed.times : [deed.time];
  if (!first) throw new RangeError('a task without a time');
  return first.start;
};

/** Where it stands now, if that is another time. */
function insteadOf(known: Known | null, interval: Interval): Interval | null {
  const before = known && listedInterval(known.externalId);
  return before === null || sameInterval(before, interval) ? null : before;
}
