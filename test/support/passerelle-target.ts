import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Appointment, Bundle, FhirResource, Slot } from 'fhir/r4.js';
import pino from 'pino';
import { Temporal } from 'temporal-polyfill';
import agenda from '../../adapters/agenda/adapter.ts';
import fhirR4 from '../../adapters/fhir-r4/adapter.ts';
import { withMalformed } from '../../adapters/fhir-r4/bench/target.ts';
import type { Adapter, OperationName } from '../../src/adapter/contract.ts';
import { ACCESS_DEFAULTS } from '../../src/config/access.ts';
import { MAIL_DEFAULTS } from '../../src/config/mail.ts';
import { PATIENT_DEFAULTS } from '../../src/config/patients.ts';
import type { Configuration } from '../../src/config/read-configuration.ts';
import { SERVER_DEFAULTS } from '../../src/config/server.ts';
import { SUBSCRIPTION_DEFAULTS } from '../../src/config/subscriptions.ts';
import { freeSlots } from '../../src/conformance/free-slots.ts';
import { mapsOf } from '../../src/conformance/simulator-target.ts';
import type { Bench, PlatformTarget, Raw } from '../../src/conformance/target.ts';
import { formatInstant, MINUTE, parseInstant } from '../../src/domain/instant.ts';
import { type Interval, interval } from '../../src/domain/interval.ts';
import { startGateway } from '../../src/gateway.ts';
import { CONNECTION, clinicEntries, scheduleOf } from './clinic-configuration.ts';
import { makeDataFolder } from './data-folder.ts';
import { LOOPBACK } from './loopback.ts';
import { until } from './servers.ts';
import { ACTORS } from './simulated-site.ts';

/** A whole gateway, whose doctor's agenda is kept in it, as the FHIR server of another one. */

const [ACTOR] = ACTORS;
const SCHEDULE = scheduleOf(ACTOR);
const DAYS = 35;

/** What a gateway lets another do: its slots carry no mark of others, and its holds are asked for by an operation. */
const OPERATIONS: readonly OperationName[] = ['book', 'cancel'];

const TOO_LONG =
  'A slot that is written to Passerelle lasts 24 hours at the most, and one of these days has 25.';

const limited: Adapter = {
  ...fhirR4,
  manifest: {
    ...fhirR4.manifest,
    capabilities: { ...fhirR4.manifest.capabilities, operations: OPERATIONS },
    exemptions: { 'read-all-day-toronto': TOO_LONG, 'read-all-day-halifax': TOO_LONG },
  },
  connect: (options) => {
    const { operations, ...platform } = fhirR4.connect(options);
    const { book, cancel } = operations;
    return { ...platform, operations: { ...(book && { book }), ...(cancel && { cancel }) } };
  },
};

export const passerelleTarget: PlatformTarget = {
  adapter: limited,
  name: 'Passerelle',
  stage: 'server',
  open: ({ zone }) => openBench(zone),
};

async function openBench(zone: string): Promise<Bench> {
  const folder = await makeDataFolder({ embedded: true });
  const gateway = await startGateway({
    environment: {
      ...{ port: 0, host: '127.0.0.1', dataFolder: folder, configurationFile: null },
      ...{
        databaseUrl: null,
        redisUrl: null,
        key: null,
        publicUrl: null,
        previousKeys: [],
        logLevel: 'silent',
      },
    },
    role: 'both',
    onEvent: () => undefined,
    configuration: configurationOf(zone),
    logger: pino({ level: 'silent' }),
  });
  const { url } = gateway;
  if (url === null) throw new Error('the gateway listens nowhere');
  await until('it is ready', async () => (await fetch(`${url}/readyz`)).status === 200);
  const token = (await readFile(join(folder, 'admin-token'), 'utf8')).trim();
  const base = `${url}/fhir`;

  async function ask<T>(method: string, path: string, body?: unknown): Promise<{ status: number; json: T }> {
    const response = await fetch(`${base}/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/fhir+json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, json: (text === '' ? null : JSON.parse(text)) as T };
  }
  async function everything<T extends FhirResource>(type: string): Promise<T[]> {
    const found: T[] = [];
    for (let path: string | null = `${type}?_count=1000`; path !== null; ) {
      const answer: { json: Bundle<T> } = await ask('GET', path);
      const { json } = answer;
      found.push(...(json.entry ?? []).flatMap(({ resource }) => resource ?? []));
      const next = json.link?.find(({ relation }) => relation === 'next')?.url;
      path = next === undefined ? null : next.slice(base.length + 1);
    }
    return found.filter((each) => each.resourceType === type);
  }

  const made = await ask('POST', `Schedule/${SCHEDULE}/$generate-slots`, slotsOf(zone));
  if (made.status !== 200) throw new Error(`$generate-slots: HTTP ${made.status}`);

  const raw = async (): Promise<Raw> => ({
    slots: (await everything<Slot>('Slot')).map(({ id, start, end, status }) => ({
      id: `Slot/${id}`,
      interval: interval(parseInstant(start), parseInstant(end)),
      status: status === 'busy' ? 'busy' : status === 'free' ? 'free' : 'blocked',
    })),
    periods: (await everything<Appointment>('Appointment'))
      .filter(({ status }) => status === 'booked')
      .map(({ id, start, end, identifier }) => ({
        id: `Appointment/${id}`,
        kind: 'booked',
        interval: interval(parseInstant(start ?? ''), parseInstant(end ?? '')),
        reference: identifier?.[0]?.value ?? null,
      })),
  });

  /** Slots that the clinic made for one booking only. */
  const passing = new Map<string, string>();
  async function book(slot: string): Promise<string | null> {
    const { status, json } = await ask<Appointment>('POST', 'Appointment', {
      resourceType: 'Appointment',
      status: 'booked',
      slot: [{ reference: slot }],
      ...(await timesOf(slot)),
      contained: [
        { resourceType: 'Patient', id: 'p', name: [{ family: 'Exemple-Fictive', given: ['Rose'] }] },
      ],
      participant: [{ actor: { reference: '#p' }, status: 'accepted' }],
    });
    if (status !== 201 && status !== 409) throw new Error(`HTTP ${status} to a patient`);
    return status === 201 ? `Appointment/${json.id}` : null;
  }
  async function timesOf(slot: string) {
    const { json } = await ask<Slot>('GET', slot);
    return { start: json.start, end: json.end };
  }

  return {
    baseUrl: url,
    settings: (baseUrl) => settingsOf(baseUrl, token),
    expired: (baseUrl) => settingsOf(baseUrl, 'expired'),
    ...(await mapsOf(fhirR4.manifest.id)),
    calendar: SCHEDULE,
    zone,
    raw,
    freeTimes: async () => freeSlots(await raw()),
    patientBooks: ({ slot }) => book(slot ?? ''),
    staffBooks: async ({ start, end }: Interval) => {
      const { status, json } = await ask<Slot>('POST', 'Slot', {
        resourceType: 'Slot',
        schedule: { reference: `Schedule/${SCHEDULE}` },
        status: 'free',
        ...{ start: formatInstant(start), end: formatInstant(end) },
      });
      const booked = status === 201 ? await book(`Slot/${json.id}`) : null;
      if (!booked) throw new Error(`HTTP ${status} to the clinic`);
      passing.set(booked, `Slot/${json.id}`);
      return booked;
    },
    patientCancels: async (id) => {
      const { json } = await ask<Appointment>('GET', id);
      const { status } = await ask('PUT', id, { ...json, status: 'cancelled' });
      if (status !== 200) throw new Error(`the cancellation was answered ${status}`);
      const slot = passing.get(id);
      if (slot !== undefined) await ask('DELETE', slot);
    },
    tamper: { addMalformed: withMalformed },
    pointWebhook: null,
    close: async () => {
      await gateway.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const settingsOf = (baseUrl: string, token: string) => ({
  baseUrl: `${baseUrl}/fhir`,
  auth: { kind: 'bearer', token },
  ...{ changes: 'lastUpdated', takenSlots: 'appointments' },
});

function configurationOf(zone: string): Configuration {
  const entries = clinicEntries();
  return {
    directory: {
      ...entries,
      locations: entries.locations.map((location) => ({ ...location, timeZone: zone })),
      connections: [
        {
          ...{ ...CONNECTION, id: 'agenda', platform: 'agenda', title: agenda.manifest.title },
          ...{ isEditedHere: true, pollMilliseconds: MINUTE },
        },
      ],
      calendars: [{ connectionId: 'agenda', externalId: ACTOR, scheduleId: SCHEDULE, topology: 'block' }],
    },
    subscriptions: SUBSCRIPTION_DEFAULTS,
    patients: PATIENT_DEFAULTS,
    access: ACCESS_DEFAULTS,
    // The suite asks more often than a clinic does.
    mail: MAIL_DEFAULTS,
    server: { ...SERVER_DEFAULTS, limits: { ...SERVER_DEFAULTS.limits, client: 1_000_000 } },
    connections: [{ id: 'agenda', adapter: agenda, settings: {}, allowedTargets: LOOPBACK }],
  };
}

/** Two hours of every day, from tomorrow on. */
function slotsOf(zone: string) {
  const today = Temporal.Now.plainDateISO(zone);
  return {
    resourceType: 'Parameters',
    parameter: [
      { name: 'start', valueDate: today.add({ days: 1 }).toString() },
      { name: 'end', valueDate: today.add({ days: DAYS }).toString() },
      { name: 'holidays', valueCode: 'keep' },
      {
        name: 'template',
        part: [
          { name: 'rrule', valueString: 'FREQ=DAILY' },
          { name: 'from', valueTime: '09:00:00' },
          { name: 'to', valueTime: '11:00:00' },
          { name: 'duration', valuePositiveInt: 20 },
          {
            name: 'slot',
            resource: {
              resourceType: 'Slot',
              appointmentType: {
                coding: [{ system: 'https://passerelle.example/fhir/CodeSystem/reason', code: 'urgent' }],
              },
            },
          },
        ],
      },
    ],
  };
}
