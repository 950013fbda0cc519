import type { z } from 'zod';
import type { Connect, Platform, ReadRequest } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import type { Page, Rejected } from '../../src/adapter/observation.ts';
import { FOREVER } from '../../src/domain/instant.ts';
import { type Interval, intersection } from '../../src/domain/interval.ts';
import type { Client, List } from './client.ts';
import { sameZone } from './local.ts';
import type { Settings } from './manifest.ts';
import { createBusy, createSlots } from './normalize.ts';
import { BY_END, backBeyond } from './order.ts';
import { plannedSlots, type Rules } from './plan.ts';
import { Provider, Service } from './wire.ts';

/** Every reading is whole: it knows no changes since. Seven requests, however many providers there are. */
export function createReading(
  client: Client,
  { settings, zoneOf, maps, environment }: Connect<Settings>,
): Platform['read'] {
  const slotsOf = createSlots(maps);
  const busy = createBusy(zoneOf);

  async function all<Schema extends z.ZodType<{ id: number }>>(
    kind: List,
    schema: Schema,
    signal: AbortSignal,
  ) {
    return parsed(await client.list(kind, {}, () => false, signal), schema);
  }

  async function rules(signal: AbortSignal): Promise<Rules> {
    const [advance, future] = await Promise.all(
      ['book_advance_timeout', 'future_booking_limit'].map((name) => client.setting(name, signal)),
    );
    return { advanceMinutes: numberIn(advance?.value, 0), futureDays: numberIn(future?.value, 90) };
  }

  async function* slots(
    calendars: readonly string[],
    window: Interval,
    signal: AbortSignal,
  ): AsyncGenerator<Page> {
    const [providers, services, given] = await Promise.all([
      all('providers', Provider, signal),
      all('services', Service, signal),
      rules(signal),
    ]);
    for (const calendar of calendars) {
      const provider = providers.get(calendar);
      if (!provider)
        throw new Fault('malformed', 'a calendar is no provider of the platform, or cannot be read');
      const zone = zoneOf(calendar);
      if (!sameZone(provider.timezone, zone, window)) {
        throw new Fault('malformed', `a provider's time zone is not ${zone}, as the configuration says`);
      }
      for (const id of settings.serviceIds.filter((each) => provider.services.includes(each))) {
        const service = services.get(String(id));
        if (!service) throw new Fault('malformed', `service ${id} is not at the platform, or cannot be read`);
        if (service.attendantsNumber > 1) {
          yield rowsOf([], [severalAtOnce(calendar, service)]);
          continue;
        }
        const planned = plannedSlots(provider, service, given, window, zone, environment.clock.now());
        const { rows, rejected } = slotsOf(calendar, service, planned);
        yield rowsOf(rows, rejected);
      }
    }
  }

  return async function* read({ calendars, window, signal }: ReadRequest): AsyncGenerator<Page> {
    // A working plan says nothing of days gone by: it may have been another one then.
    const ahead = intersection(window, { start: environment.clock.now(), end: FOREVER });
    if (ahead) yield* slots(calendars, ahead, signal);
    const wanted = new Set(calendars);
    const isEnough = backBeyond(window);
    const lists = [
      { kind: 'appointments', normalize: busy.appointments(wanted) },
      { kind: 'unavailabilities', normalize: busy.unavailabilities(wanted) },
      { kind: 'blocked_periods', normalize: busy.blocked_periods(wanted) },
    ] as const;
    let nameless = false;
    for (const { kind, normalize } of lists) {
      const { rows, rejected } = normalize(await client.list(kind, BY_END, isEnough, signal));
      nameless ||= rejected.some(({ externalId }) => externalId === null);
      yield rowsOf(rows, rejected);
    }
    // A record without a readable id may be any of those that are missing, so none of them is known to be gone.
    yield { kind: 'end', complete: nameless ? null : ahead, cursor: null };
  };
}

const rowsOf = (rows: Extract<Page, { kind: 'rows' }>['rows'], rejected: readonly Rejected[]): Page => ({
  kind: 'rows',
  rows,
  removed: [],
  rejected,
});

/** Several patients share a time there, so that one who is booked does not take it. */
const severalAtOnce = (calendar: string, service: Service): Rejected => ({
  externalId: `${calendar}/${service.id}`,
  reason: 'attendantsNumber: more than one, and such a service is not offered',
  raw: service,
});

/** What can be read, by id. */
function parsed<Schema extends z.ZodType<{ id: number }>>(
  records: readonly unknown[],
  schema: Schema,
): Map<string, z.output<Schema>> {
  const readable = records.flatMap((record) => schema.safeParse(record).data ?? []);
  return new Map(readable.map((record) => [String(record.id), record]));
}

/** A setting that nobody wrote is what the platform then goes by. */
function numberIn(value: string | number | null | undefined, otherwise: number): number {
  const number = Number(value ?? '');
  return value === '' || value === null || value === undefined || !Number.isFinite(number)
    ? otherwise
    : number;
}
