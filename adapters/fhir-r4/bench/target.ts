import { randomUUID } from 'node:crypto';
import type { Appointment, Bundle, Patient, Resource, Slot } from '@medplum/fhirtypes';
import { Temporal } from 'temporal-polyfill';
import { freeSlots } from '../../../src/conformance/free-slots.ts';
import { mapsOf } from '../../../src/conformance/simulator-target.ts';
import { type Bench, type PlatformTarget, type Raw, SECRET } from '../../../src/conformance/target.ts';
import { formatInstant, HOUR, instant, parseInstant } from '../../../src/domain/instant.ts';
import { type Interval, interval, overlaps } from '../../../src/domain/interval.ts';
import adapter from '../adapter.ts';
import type { Settings } from '../manifest.ts';
import { type MedplumServer, startMedplum, TOKEN } from './server.ts';

/** Medplum for the shared suite: looked at and acted on in its repository, and not by HTTP. */

const SCHEDULE = 'horaire-tremblay';
const ACTOR = 'Practitioner/dr-tremblay';
const SLOT_MINUTES = 20;
const DAYS = 35;

export type Variant = Pick<Settings, 'blocks' | 'changes'>;

export const medplumTarget = (variant: Variant): PlatformTarget => ({
  adapter,
  name: `@medplum/fhir-router 4.5.2 (blocks: ${variant.blocks}, changes: ${variant.changes})`,
  stage: 'server',
  open: async ({ zone }) => {
    const server = await startMedplum();
    try {
      return await openBench(server, zone, variant);
    } catch (error) {
      await server.close();
      throw error;
    }
  },
});

async function openBench(
  { url, repository, close }: MedplumServer,
  zone: string,
  variant: Variant,
): Promise<Bench> {
  const create = <R extends Resource>(resource: R) =>
    repository.createResource(resource) as Promise<R & { id: string }>;
  await create({
    resourceType: 'Schedule',
    id: SCHEDULE,
    actor: [{ reference: 'Location/ici' }, { reference: ACTOR }],
  } as Resource);
  for (const slot of slotsOf(zone)) await create(slot);
  // Another doctor's, which is none of our business.
  await create(slotAt('horaire-gagnon', interval(instant(Date.now()), instant(Date.now() + HOUR))));

  const everything = async <R extends Resource>(type: R['resourceType']): Promise<R[]> => {
    const { entry = [] } = (await repository.search({
      resourceType: type,
      count: 100_000,
    })) as Bundle;
    return entry.map(({ resource }) => resource as R);
  };

  const raw = async (): Promise<Raw> => {
    const slots = (await everything<Slot>('Slot')).filter(
      ({ schedule }) => schedule.reference === `Schedule/${SCHEDULE}`,
    );
    const appointments = (await everything<Appointment>('Appointment')).filter(
      ({ status }) => status === 'booked' || status === 'pending',
    );
    const periods = [
      ...appointments.map((each) => periodOf(each, kindOf(each))),
      ...slots
        .filter(({ status }) => status === 'busy-unavailable')
        .map((each) => periodOf(each, 'blocked' as const)),
    ];
    return {
      periods,
      slots: slots
        .filter(({ status }) => status === 'free')
        .map(({ id, start, end }) => {
          const time = interval(parseInstant(start), parseInstant(end));
          return { id: `Slot/${id}`, interval: time, status: statusOf(time, periods) };
        }),
    };
  };

  const book = async ({ start, end }: Interval): Promise<string> => {
    const { id } = await create<Appointment>({
      resourceType: 'Appointment',
      id: randomUUID(),
      status: 'booked',
      ...{ start: formatInstant(start), end: formatInstant(end) },
      contained: [{ resourceType: 'Patient', id: 'p', name: [{ family: 'Exemple-Fictive' }] } as Patient],
      participant: [
        { actor: { reference: '#p' }, status: 'accepted' },
        { actor: { reference: ACTOR }, status: 'accepted' },
      ],
    });
    return `Appointment/${id}`;
  };

  const settings = (baseUrl: string, token: string) => ({
    ...{ baseUrl, auth: { kind: 'bearer', token }, ...variant },
  });
  return {
    baseUrl: url,
    settings: (baseUrl) => settings(baseUrl, TOKEN),
    expired: (baseUrl) => settings(baseUrl, 'expired'),
    ...(await mapsOf(adapter.manifest.id)),
    calendar: SCHEDULE,
    zone,
    raw,
    freeTimes: async () => freeSlots(await raw()),
    patientBooks: ({ interval: time }) => book(time),
    staffBooks: book,
    patientCancels: async (externalId) => {
      const id = externalId.replace('Appointment/', '');
      const booked = (await repository.readResource('Appointment', id)) as unknown as Appointment;
      await repository.updateResource({ ...booked, status: 'cancelled' });
    },
    tamper: { addMalformed: withMalformed },
    pointWebhook: null,
    close,
  };
}

const slotAt = (schedule: string, { start, end }: Interval): Slot => ({
  resourceType: 'Slot',
  schedule: { reference: `Schedule/${schedule}` },
  status: 'free',
  ...{ start: formatInstant(start), end: formatInstant(end) },
  appointmentType: {
    coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0276', code: 'FOLLOWUP' }],
  },
  serviceType: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' }] }],
});

/** Weekdays, from nine to noon. */
function slotsOf(zone: string): Slot[] {
  const today = Temporal.Now.plainDateISO(zone);
  return Array.from({ length: DAYS }, (_, ahead) => today.add({ days: ahead }))
    .filter(({ dayOfWeek }) => dayOfWeek <= 5)
    .flatMap((day) =>
      Array.from({ length: 9 }, (_, index) => {
        const from = day
          .toZonedDateTime({ timeZone: zone, plainTime: '09:00' })
          .add({ minutes: index * SLOT_MINUTES });
        const start = instant(from.epochMilliseconds);
        return slotAt(SCHEDULE, interval(start, instant(start + SLOT_MINUTES * 60_000)));
      }),
    );
}

const isBlock = ({ identifier = [] }: Appointment): boolean =>
  identifier.some(({ system }) => system === 'urn:passerelle:block');

const kindOf = (appointment: Appointment): 'held' | 'booked' | 'blocked' => {
  if (isBlock(appointment)) return 'blocked';
  return appointment.status === 'pending' ? 'held' : 'booked';
};

const periodOf = <Kind extends string>(resource: Slot | Appointment, kind: Kind) => ({
  id: `${resource.resourceType}/${resource.id}`,
  kind,
  interval: interval(parseInstant(resource.start ?? ''), parseInstant(resource.end ?? '')),
  reference: resource.identifier?.[0]?.value ?? null,
});

const STATUSES = [
  ['booked', 'busy'],
  ['blocked', 'blocked'],
  ['held', 'held'],
] as const;

function statusOf(time: Interval, periods: Raw['periods']): Raw['slots'][number]['status'] {
  const kinds = periods.filter((each) => overlaps(each.interval, time)).map(({ kind }) => kind);
  return STATUSES.find(([kind]) => kinds.includes(kind))?.[1] ?? 'free';
}

/** Every way not to be what was asked for. */
export function withMalformed(body: string): string {
  const bundle: unknown = JSON.parse(body);
  if (typeof bundle !== 'object' || bundle === null || Reflect.get(bundle, 'type') !== 'searchset')
    return body;
  const spoilt = [
    { resourceType: 'Appointment', id: 'x', status: 'booked', start: SECRET, end: SECRET, participant: [] },
    { resourceType: 'Slot', id: SECRET.repeat(9), status: 'free' },
    { resourceType: SECRET },
    12,
    null,
  ];
  const entry: unknown = Reflect.get(bundle, 'entry');
  return JSON.stringify({
    ...bundle,
    total: undefined,
    entry: [...spoilt.map((resource) => ({ resource })), ...(Array.isArray(entry) ? entry : [])],
  });
}
