import type { Observation, ObservedBusy, ObservedSlot, Removal } from '../adapter/observation.ts';
import { type BusyPeriod, slotStatus } from '../domain/busy.ts';
import type { Directory } from '../domain/directory.ts';
import { DAY, type Instant } from '../domain/instant.ts';
import { type Interval, sameInterval } from '../domain/interval.ts';
import { actorOf, type Bilingual, type Calendar } from '../domain/schedule.ts';
import type { SlotAttributes, SlotStatus } from '../domain/slot.ts';
import { derivedId } from './identity.ts';
import type { OfferingRefusal, SlotChange } from './ports/offerings.ts';
import type { StoredOffer } from './ports/store.ts';
import { editedAt, editedNowhere } from './reasons.ts';
import { slotBookableFrom } from './release.ts';

/** Whether slots of an agenda that is edited here can be written as asked, and what is then to be written. Pure. */

export type View = {
  readonly directory: Directory;
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
  readonly rows: readonly Observation[];
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

type Offer = Exclude<SlotChange, { kind: 'withdraw' }>;

export function decideOffering(changes: readonly SlotChange[], view: View): Decision {
  const standing = new Map<string, Standing>(view.offers.map((offer) => [offer.slotId, offer]));
  const writes = new Map<string, { rows: Observation[]; removed: Removal[] }>();
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
      if (before) of(before.connectionId).removed.push(removalOf('slot', before), ...unblocked(before, view));
      standing.delete(change.slotId);
      slotIds.push(change.slotId);
      continue;
    }
    const calendar = calendarHere(view.directory, change.scheduleId);
    if (!calendar) continue;
    const row = slotRow(change, calendar, before?.externalId ?? view.newId(), view.at);
    const slotId = before && change.kind === 'change' ? change.slotId : slotIdOf(calendar, row);
    const { rows, removed } = of(calendar.connectionId);
    rows.push(row);
    if (isBlocking(change, before ?? null, view)) rows.push(blockOf(row));
    else if (before) removed.push(...unblocked(before, view));
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

const removalOf = (kind: Removal['kind'], { externalId }: Standing): Removal => ({
  kind,
  externalId,
  sequence: null,
});

/**
 * Closed time is a slot that nobody can have: it is written as such, and stands in the agenda as a block under the same
 * name.
 */
const blockOf = ({ externalId, calendar, interval }: ObservedSlot): ObservedBusy => ({
  kind: 'busy',
  externalId,
  calendar,
  interval,
  busyKind: 'block',
  expiresAt: null,
  changedAt: null,
  mark: null,
  revision: null,
  sequence: null,
});

/** The block that a slot was written with. */
const ownBlock = (
  { connectionId, externalId }: Standing,
  { live }: Pick<View, 'live'>,
): BusyPeriod | null => {
  const id = derivedId('busy', connectionId, externalId);
  return live.find((busy) => busy.id === id) ?? null;
};

const unblocked = (before: Standing, view: View): Removal[] =>
  ownBlock(before, view) ? [removalOf('busy', before)] : [];

/** Whether it closes the time itself, all of it: not one that is written back as it was closed by others. */
function isBlocking(change: Offer, before: Standing | null, view: View): boolean {
  if (change.status !== 'busy-unavailable') return false;
  if (!before || ownBlock(before, view) || !stays(change, before)) return true;
  return before.status !== 'busy-unavailable' && !isServedClosed(before, view);
}

/** What is another platform's to sell for now, or not released yet, is served as closed. */
const isServedClosed = (before: Standing, { directory, at }: View): boolean =>
  slotBookableFrom(directory, before, at) !== null;

const stays = ({ scheduleId, interval }: Offer, before: Standing): boolean =>
  before.scheduleId === scheduleId && sameInterval(before.interval, interval);

/** What its status is, but for a block of its own. */
function statusBeside(change: Offer, before: Standing | null, view: View): SlotStatus {
  const own = before && ownBlock(before, view);
  const live = view.live.filter((busy) => busy !== own);
  return statusOf({ ...view, live }, change.scheduleId, change.interval);
}

/** Where slots of this schedule are written to; null = its agenda is elsewhere. */
export const calendarHere = (directory: Directory, scheduleId: string): Calendar | null =>
  directory
    .calendarsOf(actorOf(directory.schedule(scheduleId)))
    .find(
      (calendar) => calendar.scheduleId === scheduleId && directory.isEditedHere(calendar.connectionId),
    ) ?? null;

export function slotRow(
  { interval, attributes }: { readonly interval: Interval; readonly attributes: SlotAttributes },
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
  // What is not there is withdrawn already.
  if (!before) return change.kind === 'withdraw' ? null : { refusal: 'unknown-slot' };
  if (!view.directory.isEditedHere(before.connectionId))
    return { refusal: 'elsewhere', reason: editedAt(titleOf(view.directory, before.connectionId)) };
  if (change.ifVersion !== null && change.ifVersion !== before.version)
    return { refusal: 'version', version: before.version };
  if (change.kind === 'change') return whyNotOffered(change, before, standing, view);
  return isTaken(before.status) ? { refusal: 'taken', status: before.status } : null;
}

const isTaken = (status: SlotStatus): boolean => status === 'busy' || status === 'busy-tentative';

function whyNotOffered(
  change: Offer,
  before: Standing | null,
  standing: ReadonlyMap<string, Standing>,
  view: View,
): OfferingRefusal | null {
  const { scheduleId, interval, status } = change;
  const { directory, at } = view;
  if (!directory.hasSchedule(scheduleId)) return { refusal: 'unknown-schedule' };
  const calendar = calendarHere(directory, scheduleId);
  if (!calendar) return { refusal: 'elsewhere', reason: whereElse(directory, scheduleId) };
  if (!before || !stays(change, before)) {
    if (before && isTaken(before.status)) return { refusal: 'taken', status: before.status };
    if (interval.start <= at) return { refusal: 'begun' };
    if (interval.end - interval.start > DAY) return { refusal: 'too-long' };
    const same = sameTime(standing, calendar, interval);
    if (same !== null) return { refusal: 'duplicate', slotId: same };
  }
  const actual = statusBeside(change, before, view);
  const isClosed = status === 'busy-unavailable' && actual === 'free';
  return status === actual || isClosed ? null : { refusal: 'status', status: actual };
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
const titleOf = (directory: Directory, connectionId: string): Bilingual =>
  directory.entries.connections.find(({ id }) => id === connectionId)?.title ?? {
    fr: connectionId,
    en: connectionId,
  };

/** The platforms that have slots of their own for it. */
export function whereElse(directory: Directory, scheduleId: string): Bilingual {
  const home = directory
    .calendarsOf(actorOf(directory.schedule(scheduleId)))
    .find((calendar) => calendar.scheduleId === scheduleId && calendar.topology === 'block');
  return home ? editedAt(titleOf(directory, home.connectionId)) : editedNowhere;
}
