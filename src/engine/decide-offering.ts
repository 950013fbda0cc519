import type { ObservedSlot, Removal } from '../adapter/observation.ts';
import { type BusyPeriod, slotStatus } from '../domain/busy.ts';
import type { Directory } from '../domain/directory.ts';
import { DAY, type Instant } from '../domain/instant.ts';
import { type Interval, sameInterval } from '../domain/interval.ts';
import { actorOf, type Bilingual, type Calendar } from '../domain/schedule.ts';
import type { SlotStatus } from '../domain/slot.ts';
import { derivedId } from './identity.ts';
import type { OfferingRefusal, SlotChange } from './ports/offerings.ts';
import type { StoredOffer } from './ports/store.ts';
import { editedAt, editedNowhere } from './reasons.ts';

/** Whether slots of an agenda that is edited here can be written as asked, and what is then to be written. Pure. */

export type View = {
  readonly directory: Directory;
  /** Whether the agenda of a connection is edited here. */
  readonly isHere: (connectionId: string) => boolean;
  /** Slots of the schedules that are concerned, in the time that is concerned. */
  readonly offers: readonly StoredOffer[];
  /** Live busy periods of their actors there. */
  readonly live: readonly BusyPeriod[];
  readonly at: Instant;
  readonly newId: () => string;
};

/** As an observation of the agenda would tell it. */
export type SlotWrites = {
  readonly connectionId: string;
  readonly rows: readonly ObservedSlot[];
  readonly removed: readonly Removal[];
};

export type Decision =
  | {
      readonly decision: 'write';
      readonly writes: readonly SlotWrites[];
      readonly slotIds: readonly string[];
    }
  | ({ readonly decision: 'refuse'; readonly index: number } & OfferingRefusal);

type Standing = Pick<StoredOffer, 'connectionId' | 'externalId' | 'calendar' | 'scheduleId' | 'interval'> &
  Pick<StoredOffer, 'status' | 'withheld' | 'version'>;

export function decideOffering(changes: readonly SlotChange[], view: View): Decision {
  const standing = new Map<string, Standing>(view.offers.map((offer) => [offer.slotId, offer]));
  const writes = new Map<string, { rows: ObservedSlot[]; removed: Removal[] }>();
  const slotIds: string[] = [];
  const of = (connectionId: string) => {
    const found = writes.get(connectionId) ?? { rows: [], removed: [] };
    writes.set(connectionId, found);
    return found;
  };
  for (const [index, change] of changes.entries()) {
    const refused = whyNot(change, standing, view);
    if (refused) return { decision: 'refuse', index, ...refused };
    const before = change.kind === 'publish' ? undefined : standing.get(change.slotId);
    if (change.kind === 'withdraw') {
      if (before) of(before.connectionId).removed.push(removalOf(before));
      standing.delete(change.slotId);
      slotIds.push(change.slotId);
      continue;
    }
    const calendar = calendarHere(view, change.scheduleId);
    if (!calendar) continue;
    const row = slotRow(change, calendar, before?.externalId ?? view.newId(), view.at);
    const slotId = before && change.kind === 'change' ? change.slotId : slotIdOf(calendar, row);
    of(calendar.connectionId).rows.push(row);
    standing.set(slotId, { ...calendar, ...change, ...row, withheld: false, version: before?.version ?? 1 });
    slotIds.push(slotId);
  }
  return {
    decision: 'write',
    slotIds,
    writes: [...writes].map(([connectionId, found]) => ({ connectionId, ...found })),
  };
}

const slotIdOf = ({ connectionId }: Calendar, { externalId }: ObservedSlot): string =>
  derivedId('slot', connectionId, externalId);

const removalOf = ({ externalId }: Standing): Removal => ({ kind: 'slot', externalId, sequence: null });

/** Where slots of this schedule are written to; null = its agenda is elsewhere. */
export const calendarHere = (
  { directory, isHere }: Pick<View, 'directory' | 'isHere'>,
  scheduleId: string,
): Calendar | null =>
  directory
    .calendarsOf(actorOf(directory.schedule(scheduleId)))
    .find((calendar) => calendar.scheduleId === scheduleId && isHere(calendar.connectionId)) ?? null;

function slotRow(
  { interval, attributes }: Extract<SlotChange, { kind: 'publish' | 'change' }>,
  { externalId: calendar }: Calendar,
  externalId: string,
  at: Instant,
): ObservedSlot {
  return {
    kind: 'slot',
    externalId,
    calendar,
    interval,
    mark: null,
    revision: null,
    sequence: null,
    // Since when it may be booked (A-2.2, r. 1, s. 4, par. 1): who does not say otherwise offers it from now on.
    attributes: { ...attributes, availableSince: attributes.availableSince ?? at },
  };
}

function whyNot(
  change: SlotChange,
  standing: ReadonlyMap<string, Standing>,
  view: View,
): OfferingRefusal | null {
  if (change.kind === 'publish') return whyNotOffered(change, null, standing, view);
  const before = standing.get(change.slotId);
  if (!before) return { refusal: 'unknown-slot' };
  if (!view.isHere(before.connectionId))
    return { refusal: 'elsewhere', reason: editedAt(titleOf(view, before.connectionId)) };
  if (change.ifVersion !== null && change.ifVersion !== before.version)
    return { refusal: 'version', version: before.version };
  if (change.kind === 'change') return whyNotOffered(change, before, standing, view);
  return isTaken(before.status) ? { refusal: 'taken', status: before.status } : null;
}

const isTaken = (status: SlotStatus): boolean => status === 'busy' || status === 'busy-tentative';

function whyNotOffered(
  change: Extract<SlotChange, { kind: 'publish' | 'change' }>,
  before: Standing | null,
  standing: ReadonlyMap<string, Standing>,
  view: View,
): OfferingRefusal | null {
  const { scheduleId, interval, status } = change;
  const { directory, at } = view;
  if (!directory.hasSchedule(scheduleId)) return { refusal: 'unknown-schedule' };
  const calendar = calendarHere(view, scheduleId);
  if (!calendar) return { refusal: 'elsewhere', reason: whereElse(view, scheduleId) };
  const staysWhereItIs =
    before !== null && before.scheduleId === scheduleId && sameInterval(before.interval, interval);
  if (!staysWhereItIs) {
    if (before && isTaken(before.status)) return { refusal: 'taken', status: before.status };
    if (interval.start <= at) return { refusal: 'begun' };
    if (interval.end - interval.start > DAY) return { refusal: 'too-long' };
    const same = sameTime(standing, calendar, interval);
    if (same !== null) return { refusal: 'duplicate', slotId: same };
  }
  const actual = statusOf(view, scheduleId, interval);
  // What is another platform's to sell for now, or not released yet, is served as closed: it may be written back so.
  const isServedSo = actual === 'free' && status === 'busy-unavailable' && staysWhereItIs;
  return status === actual || isServedSo ? null : { refusal: 'status', status: actual };
}

function sameTime(
  standing: ReadonlyMap<string, Standing>,
  { connectionId, externalId }: Calendar,
  interval: Interval,
): string | null {
  for (const [slotId, offer] of standing) {
    const isThere = offer.connectionId === connectionId && offer.calendar === externalId;
    if (isThere && sameInterval(offer.interval, interval)) return slotId;
  }
  return null;
}

function statusOf({ directory, live }: View, scheduleId: string, interval: Interval): SlotStatus {
  const actor = actorOf(directory.schedule(scheduleId));
  const periods = live.filter(({ actorId }) => actorId === actor);
  return slotStatus(interval, directory.capacityOf(scheduleId), periods);
}

/** Of one that is not configured any more there is only its id. */
const titleOf = ({ directory }: View, connectionId: string): Bilingual =>
  directory.entries.connections.find(({ id }) => id === connectionId)?.title ?? {
    fr: connectionId,
    en: connectionId,
  };

/** The platforms that have slots of their own for it. */
function whereElse(view: View, scheduleId: string): Bilingual {
  const { directory } = view;
  const home = directory
    .calendarsOf(actorOf(directory.schedule(scheduleId)))
    .find((calendar) => calendar.scheduleId === scheduleId && calendar.topology === 'block');
  return home ? editedAt(titleOf(view, home.connectionId)) : editedNowhere;
}
