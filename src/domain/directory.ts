import type { SuspectLimit } from './absence.ts';
import {
  actorOf,
  type Bilingual,
  type Calendar,
  DEFAULT_POLICY,
  type HealthcareService,
  type Location,
  type Policy,
  type Practitioner,
  type Schedule,
} from './schedule.ts';

/** One organization's access to one platform, as far as the rules need to know it. */
export type Connection = {
  readonly id: string;
  /** The adapter's id. */
  readonly platform: string;
  readonly title: Bilingual;
  /** Its agendas are edited through our own API: they are in our database, and nothing is to be told to them. */
  readonly isEditedHere: boolean;
  /** What is written there is made by a person, who is asked: nothing of it stands within seconds. */
  readonly asksPeople: boolean;
  /** Nothing but lists that people bring says what stands there. */
  readonly isListed: boolean;
  /** Time between two readings. */
  readonly pollMilliseconds: number;
  /** Past this age a slot of this connection is not served as free; its schedule may be stricter. */
  readonly freshnessMilliseconds: number;
  /** How far ahead it is read. */
  readonly horizonMilliseconds: number;
  /** From here on what is missing at once is not taken for gone. */
  readonly suspect: SuspectLimit;
};

/** Whose places they are: a clinic, a group of them. What one is shown has nothing of another. */
export type Organization = { readonly id: string; readonly name: string };

export type DirectoryEntries = {
  readonly organizations: readonly Organization[];
  readonly practitioners: readonly Practitioner[];
  readonly locations: readonly Location[];
  readonly services: readonly HealthcareService[];
  readonly schedules: readonly Schedule[];
  readonly connections: readonly Connection[];
  readonly calendars: readonly Calendar[];
};

/** Who works where and which calendar stands for whom: the configuration, indexed. It does not change while running. */
export class Directory {
  readonly entries: DirectoryEntries;
  readonly #schedules: ReadonlyMap<string, Schedule>;
  readonly #connections: ReadonlyMap<string, Connection>;
  readonly #locations: ReadonlyMap<string, Location>;
  readonly #calendars: ReadonlyMap<string, Calendar>;
  readonly #organizations: ReadonlyMap<string, Organization>;
  readonly #ofActor = new Map<string, Calendar[]>();
  readonly #rosters = new Map<string, Calendar[]>();

  constructor(entries: DirectoryEntries) {
    this.entries = entries;
    this.#schedules = new Map(entries.schedules.map((schedule) => [schedule.id, schedule]));
    this.#connections = new Map(entries.connections.map((connection) => [connection.id, connection]));
    this.#locations = new Map(entries.locations.map((location) => [location.id, location]));
    this.#organizations = new Map(entries.organizations.map((each) => [each.id, each]));
    this.#calendars = new Map(entries.calendars.map((calendar) => [key(calendar), calendar]));
    for (const calendar of entries.calendars) {
      const schedule = this.schedule(calendar.scheduleId);
      if (calendar.topology === 'shifts') {
        add(this.#rosters, schedule.id, calendar);
        add(this.#rosters, placeKey(schedule), calendar);
      } else add(this.#ofActor, actorOf(schedule), calendar);
    }
  }

  /** @throws RangeError on an unknown id, as do the next two: ids are checked when the configuration is read. */
  schedule(id: string): Schedule {
    return found(this.#schedules.get(id), 'schedule', id);
  }

  /** 1 where the schedule is no longer configured: what was booked on it is still its actor's time. */
  capacityOf(scheduleId: string): number {
    return this.#schedules.get(scheduleId)?.capacity ?? 1;
  }

  /** The default where the schedule is no longer configured: what was booked on it can still be cancelled. */
  policyOf(scheduleId: string): Policy {
    return this.#schedules.get(scheduleId)?.policy ?? DEFAULT_POLICY;
  }

  hasSchedule(id: string): boolean {
    return this.#schedules.has(id);
  }

  connection(id: string): Connection {
    return found(this.#connections.get(id), 'connection', id);
  }

  /** Whether the agendas of a connection are edited here; of one that is not configured any more nothing is. */
  isEditedHere(connectionId: string): boolean {
    return this.#connections.get(connectionId)?.isEditedHere ?? false;
  }

  /** Whether a person makes what is written at a connection; of one that is not configured any more nobody does. */
  asksPeople(connectionId: string): boolean {
    return this.#connections.get(connectionId)?.asksPeople ?? false;
  }

  location(id: string): Location {
    return found(this.#locations.get(id), 'location', id);
  }

  organization(id: string): Organization {
    return found(this.#organizations.get(id), 'organization', id);
  }

  organizationOf(scheduleId: string): Organization {
    return this.organization(this.location(this.schedule(scheduleId).locationId).organizationId);
  }

  /** Whose access it is; null of one that shows no calendar. */
  organizationOfConnection(connectionId: string): Organization | null {
    const [calendar] = this.calendarsOn(connectionId);
    return calendar ? this.organizationOf(calendar.scheduleId) : null;
  }

  /**
   * As if there were no other organization. Services are everybody's: what they are called is no secret, and a code system has
   * all of its codes. @throws RangeError on one that is not configured.
   */
  ofOrganization(organizationId: string): Directory {
    const { entries } = this;
    const organization = this.organization(organizationId);
    const locations = entries.locations.filter((location) => location.organizationId === organizationId);
    const places = new Set(locations.map(({ id }) => id));
    const schedules = entries.schedules.filter(({ locationId }) => places.has(locationId));
    const own = new Set(schedules.map(({ id }) => id));
    const people = new Set(schedules.map(({ practitionerId }) => practitionerId));
    const calendars = entries.calendars.filter(({ scheduleId }) => own.has(scheduleId));
    const connections = new Set(calendars.map(({ connectionId }) => connectionId));
    return new Directory({
      organizations: [organization],
      practitioners: entries.practitioners.filter(({ id }) => people.has(id)),
      locations,
      services: entries.services,
      schedules,
      connections: entries.connections.filter(({ id }) => connections.has(id)),
      calendars,
    });
  }

  /** The calendar by its platform's own id, or null when nobody linked it. */
  calendar(connectionId: string, externalId: string): Calendar | null {
    return this.#calendars.get(key({ connectionId, externalId })) ?? null;
  }

  /** Past this age the slots of a calendar are not served as free: the stricter of its connection and its schedule. */
  freshnessOf(connectionId: string, externalId: string): number {
    const { freshnessMilliseconds } = this.connection(connectionId);
    const calendar = this.calendar(connectionId, externalId);
    const own = calendar && this.policyOf(calendar.scheduleId).freshnessMilliseconds;
    return Math.min(freshnessMilliseconds, own ?? freshnessMilliseconds);
  }

  /**
   * The rosters that say when somebody works for a schedule: its own, or else all that its practitioner has at its location. A
   * clinic publishes who is there, and seldom for which of the services.
   */
  rostersOf(scheduleId: string): readonly Calendar[] {
    return this.#rosters.get(scheduleId) ?? this.#rosters.get(placeKey(this.schedule(scheduleId))) ?? [];
  }

  /** Every calendar, on any platform, that shows the time of this actor: slots, or what is taken. Rosters show neither. */
  calendarsOf(actorId: string): readonly Calendar[] {
    return this.#ofActor.get(actorId) ?? [];
  }

  calendarsOn(connectionId: string): readonly Calendar[] {
    return this.entries.calendars.filter((calendar) => calendar.connectionId === connectionId);
  }

  zoneOf(scheduleId: string): string {
    return this.location(this.schedule(scheduleId).locationId).timeZone;
  }
}

/** No id has a line break. */
const placeKey = ({ practitionerId, locationId }: Schedule): string => `${practitionerId}\n${locationId}`;

function add(lists: Map<string, Calendar[]>, name: string, calendar: Calendar): void {
  const list = lists.get(name);
  if (list) list.push(calendar);
  else lists.set(name, [calendar]);
}

const key = (calendar: Pick<Calendar, 'connectionId' | 'externalId'>): string =>
  `${calendar.connectionId}\n${calendar.externalId}`;

function found<T>(value: T | undefined, what: string, id: string): T {
  if (value === undefined) throw new RangeError(`unknown ${what}: ${id}`);
  return value;
}
