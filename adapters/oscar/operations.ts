import { onceWritten } from '../../src/adapter/claim.ts';
import type { Block, Connect, Known, Operations, Remove, Written } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import type { Observation } from '../../src/adapter/observation.ts';
import { sameInterval } from '../../src/domain/interval.ts';
import type { Client } from './client.ts';
import { intervalOf, type Span, spanOf } from './local.ts';
import type { Settings } from './manifest.ts';
import type { Days } from './reading.ts';

/** As staff see it in the agenda, in both languages of the country. */
const REASON = 'Plage fermée / Time closed';
/** To do: the first status of every appointment. */
const TO_DO = 't';

/**
 * Time is closed by an appointment of the made-up patient, under our mark in its notes. OSCAR keeps whatever else is there:
 * it checks no overlap. What was written is looked at, since the note is all that we know it by.
 */
export function createOperations(
  client: Client,
  days: Days,
  { settings, zoneOf }: Connect<Settings>,
): Pick<Operations, 'block' | 'unblock'> {
  async function add({ calendar, mark }: Block, span: Span): Promise<Written> {
    const id = await client.add({
      providerNo: calendar,
      appointmentDate: span.date,
      startTime: span.time,
      duration: span.minutes,
      demographicNo: settings.placeholderDemographicNo,
      status: TO_DO,
      reason: REASON,
      notes: mark,
      ...{ type: '', location: '', resources: '', urgency: '' },
    });
    const stands = await onceWritten(() => standing({ calendar, mark, known: knownAs(id, span.date) }));
    if (!stands) throw new Fault('unsure', 'it was written, and OSCAR does not show it under our mark');
    return doneAs(stands);
  }

  /** Ours, as it stands: what staff gave to a patient meanwhile has our mark no more. */
  const standing = async ({ calendar, mark, known }: Remove): Promise<Observation | null> =>
    (await days.marked(calendar, mark, known.revision)).find(
      ({ externalId }) => externalId === known.externalId,
    ) ?? null;

  async function block(command: Block): Promise<Written> {
    const { calendar, mark, interval, known } = command;
    const zone = zoneOf(calendar);
    const span = spanOf(interval, zone);
    if (!known) return add(command, span);
    const before = await standing({ calendar, mark, known });
    if (!before) return { outcome: 'gone' };
    // By the clock, which is all that it can show.
    const shown = intervalOf(span.date, span.time, span.clockMinutes, zone);
    if (sameInterval(before.interval, shown)) return doneAs(before);
    // The new one first, so that at no moment both times are open. If the old one stays, its mark brings it back to us.
    const made = await add(command, span);
    await onceWritten(() => client.remove(Number(before.externalId)));
    return made;
  }

  async function unblock(command: Remove): Promise<Written> {
    const stands = await standing(command);
    if (!stands) return { outcome: 'gone' };
    await client.remove(Number(stands.externalId));
    return { outcome: 'done', externalId: null, revision: null, sequence: null };
  }

  return { block, unblock };
}

const knownAs = (id: number, revision: string): Known => ({ externalId: String(id), revision });

const doneAs = ({ externalId, revision }: Observation): Written => ({
  outcome: 'done',
  externalId,
  revision,
  sequence: null,
});
