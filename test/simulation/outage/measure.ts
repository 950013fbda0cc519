import { HOUR, type Instant, plus } from '../../../src/domain/instant.ts';
import type { Database } from '../../../src/store/database.ts';
import { CONNECTIONS, type ConnectionId, VENDOR } from '../clinic.ts';
import type { Site } from '../site.ts';
import { type Crowd, each } from './crowd.ts';
import type { Door } from './door.ts';
import { type Phase, spanAt, type Timetable } from './timetable.ts';

/** How things stand at an hour, by what the platforms show, what patients were sold and what stands in the database. */

export type Sample = {
  readonly at: Instant;
  readonly phase: Phase;
  /** Listings that differ. */
  readonly backlog: Readonly<Record<ConnectionId, number>>;
  /** How long the oldest of them has differed; 0 = none does. */
  readonly oldestMilliseconds: Readonly<Record<ConnectionId, number>>;
  /** The longest that a booking of the last hour elsewhere, closed here in it, had waited; null = none was closed. */
  readonly closedAfterMilliseconds: Readonly<Record<ConnectionId, number | null>>;
  /** Slots of the days to come that a patient finds free there; 0 while the platform is down. */
  readonly bookable: Readonly<Record<ConnectionId, number>>;
  /** Of these, on all platforms together: the time is free indeed. */
  readonly bookableIndeed: number;
  /** Clinics of which a patient finds nothing anywhere. */
  readonly unbookableClinics: number;
  /** Conflicts found so far. */
  readonly conflicts: number;
  readonly visits: number;
  readonly turnedAway: number;
  /** The most calls of the vendor in any minute of the hour. */
  readonly busiestMinute: number;
};

export type MeasureWorld = {
  readonly database: Database;
  readonly sites: Readonly<Record<ConnectionId, Site>>;
  readonly crowd: Crowd;
  readonly closings: Closings;
  readonly vendorDoor: Door;
  readonly actors: readonly string[];
  readonly timetable: Timetable;
};

export async function measure(world: MeasureWorld, at: Instant): Promise<Sample> {
  const { database, crowd, timetable } = world;
  const rows = await database.query<{ connection_id: ConnectionId; n: number; since_ms: number }>(
    `select connection_id, count(*)::integer as n, min(since_ms) as since_ms
     from listing where differs group by connection_id`,
  );
  const [conflicts] = await database.query<{ n: number }>('select count(*)::integer as n from conflict');
  const ofConnection = new Map(rows.map((row) => [row.connection_id, row]));
  return {
    at,
    phase: spanAt(timetable, at)?.phase ?? 'calm',
    backlog: each((id) => ofConnection.get(id)?.n ?? 0),
    oldestMilliseconds: each((id) => at - (ofConnection.get(id)?.since_ms ?? at)),
    closedAfterMilliseconds: each((id) => world.closings.takeLongest(id)),
    ...offer(world),
    conflicts: conflicts?.n ?? 0,
    visits: crowd.visits.length,
    turnedAway: crowd.turnedAway,
    busiestMinute: world.vendorDoor.busiestMinute(plus(at, -HOUR), at),
  };
}

function offer({ sites, crowd, actors }: MeasureWorld) {
  const bookable = { ...each(() => 0) };
  let bookableIndeed = 0;
  let unbookableClinics = 0;
  for (const actor of actors) {
    let ofClinic = 0;
    for (const id of CONNECTIONS) {
      if (sites[id].faults.down !== null) continue;
      const free = crowd.freeAt(id, actor);
      bookable[id] += free.length;
      ofClinic += free.filter(({ interval }) => !crowd.isSold(actor, interval)).length;
    }
    bookableIndeed += ofClinic;
    if (ofClinic === 0) unbookableClinics += 1;
  }
  return { bookable, bookableIndeed, unbookableClinics };
}

/** When what was sold on one platform was closed on the other, by the platforms' own clocks. */
export class Closings {
  readonly #soldAt = new Map<string, Instant>();
  readonly #longest: Record<ConnectionId, number | null> = each(() => null);

  watch(site: Site, now: () => Instant): void {
    const id = site.id as ConnectionId;
    const other = CONNECTIONS.find((each) => each !== id) ?? VENDOR;
    const told = site.onChange;
    const actorOf = new Map(site.agenda.calendars.map((calendar) => [calendar.id, calendar.actor]));
    site.onChange = (change) => {
      told(change);
      const { record } = change;
      if (record === null || record.kind === 'slot') return;
      const { start, end } = record.interval;
      const time = `${actorOf.get(change.calendar)} ${start} ${end}`;
      if (record.kind === 'reservation') {
        this.#soldAt.set(`${other} ${time}`, now());
        return;
      }
      const key = `${id} ${time}`;
      const soldAt = this.#soldAt.get(key);
      if (soldAt === undefined) return;
      this.#soldAt.delete(key);
      this.#longest[id] = Math.max(this.#longest[id] ?? 0, now() - soldAt);
    };
  }

  takeLongest(id: ConnectionId): number | null {
    const longest = this.#longest[id];
    this.#longest[id] = null;
    return longest;
  }
}
