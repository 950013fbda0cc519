import { z } from 'zod';
import { DEFAULT_LIMIT } from '../domain/absence.ts';
import { AccessDocument } from './access.ts';
import { EscalationDocument, MailDocument } from './mail.ts';
import { PatientsDocument } from './patients.ts';
import { PolicyDocument } from './policy.ts';
import { ServerDocument } from './server.ts';
import { SubscriptionsDocument } from './subscriptions.ts';
import { allowedTargets } from './targets.ts';

/**
 * The configuration file as it is written. What each key means is its description: it is shown by editors (JSON
 * Schema), in error messages, and at length in docs/configuration.md.
 */

/** Ids become ids of FHIR resources, so they are what FHIR R4 allows (datatypes, `id`). */
export const ID = /^[A-Za-z0-9.-]{1,64}$/;

const id = (description: string, example: string) =>
  z
    .string()
    .regex(ID, { error: 'may have letters, digits, - and ., 64 at the most, as it becomes a FHIR id' })
    .meta({ description, examples: [example] });

const text = (description: string, example: string) =>
  z
    .string()
    .min(1)
    .meta({ description, examples: [example] });

const bilingual = (description: string, fr: string, en: string) =>
  z.strictObject({ fr: text('the French text', fr), en: text('the English text', en) }).meta({ description });

const number = (description: string, minimum: number, maximum: number) =>
  z.number().min(minimum).max(maximum).meta({ description });

const Location = z.strictObject({
  id: id('id of the place', 'clinique-du-parc'),
  organization: id(
    'id of the organization whose place it is, where there are several',
    'clinique-du-parc',
  ).optional(),
  name: text('name that patients see', 'Clinique du Parc'),
  timeZone: text('IANA time zone of the place', 'America/Toronto').default('America/Toronto'),
  address: z
    .strictObject({
      line: text('number and street', '100, rue Exemple'),
      city: text('city', 'Montréal'),
      postalCode: text('postal code', 'H0H 0H0'),
    })
    .optional()
    .meta({ description: 'where it is' }),
  phone: text('phone number for patients', '+1 514 555-0100').optional(),
  position: z
    .strictObject({
      latitude: number('degrees north', -90, 90),
      longitude: number('degrees east, so negative in Québec', -180, 180),
    })
    .optional()
    .meta({ description: 'where it is on the map (WGS 84)' }),
});

const Service = z.strictObject({
  id: id('id of the service', 'consultation'),
  name: bilingual('name that patients see', 'Consultation', 'Consultation'),
  specialty: z
    .array(
      z.strictObject({
        system: text('URI of the code system', 'http://snomed.info/sct'),
        code: text('the code itself, in quotes when it is made of digits', '"419772000"'),
        display: text('what the code stands for', 'Médecine familiale'),
      }),
    )
    .max(20)
    .default([])
    .meta({ description: 'of which specialties it is' }),
});

const Practitioner = z.strictObject({
  id: id('id of the practitioner', 'dr-tremblay'),
  family: text('family name', 'Tremblay'),
  given: text('given name', 'Alex'),
  prefix: text('title before the name', 'Dr').optional(),
  identifiers: z
    .array(
      z.strictObject({
        system: text(
          'URI of the system that gave it',
          'https://fhir.infoway-inforoute.ca/NamingSystem/ca-qc-license-physician',
        ),
        value: text('the identifier itself, in quotes when it is made of digits', '"12345"'),
      }),
    )
    .default([])
    .meta({ description: 'identifiers, such as the licence number' }),
});

const Schedule = z.strictObject({
  id: id('id of the schedule', 'tremblay-parc'),
  practitioner: id('id of the practitioner', 'dr-tremblay'),
  location: id('id of the location', 'clinique-du-parc'),
  service: id('id of the service', 'consultation'),
  capacity: z.int().min(1).max(1000).default(1).meta({ description: 'how many patients at once' }),
  policy: PolicyDocument.prefault({}).meta({ description: 'how platforms share it, and its rules' }),
});

const Calendar = z.strictObject({
  id: text("the platform's own id of the agenda, in quotes when it is made of digits", '"4711"'),
  schedule: id('id of the schedule that it shows', 'tremblay-parc'),
  topology: z.enum(['block', 'publish', 'shifts']).meta({
    description:
      'block: it has its own slots, and time sold elsewhere is blocked there; publish: the slots of other platforms are created there; shifts: it has neither, only when somebody works',
  }),
});

/**
 * A clinic that is being set up: each list is there and has nothing in it, so that one that was forgotten is still a mistake.
 */
export const LISTS = ['locations', 'services', 'practitioners', 'schedules', 'connections'] as const;
export type ListName = (typeof LISTS)[number];

/** What is checked of one rule against another knows them too. */
export const CONNECTION_DEFAULTS = { pollSeconds: 30, horizonDays: 28 } as const;

const Connection = z.strictObject({
  id: id('id of the connection, shown in status and logs', 'public'),
  platform: z.string().min(1).meta({ description: 'which adapter' }),
  title: bilingual('name that people see', 'RVSQ', 'RVSQ').optional(),
  pollSeconds: number('seconds between two readings', 1, 86_400).default(CONNECTION_DEFAULTS.pollSeconds),
  freshnessMinutes: number(
    'minutes without a confirmed reading after which its slots are not served as free; left out = 10, or 720 where only lists confirm them',
    0.1,
    10_080,
  ).optional(),
  horizonDays: number('days ahead that are read', 1, 366).default(CONNECTION_DEFAULTS.horizonDays),
  suspect: z
    .strictObject({
      share: number('share of what was known ahead, of slots or of busy periods, 1 = all', 0.05, 1).default(
        DEFAULT_LIMIT.share,
      ),
      atLeast: z.int().min(1).max(1_000_000).default(DEFAULT_LIMIT.atLeast).meta({
        description: 'how many must be missing besides, so that a small calendar may be emptied',
      }),
    })
    .prefault({})
    .meta({
      description: 'when so much is missing at once, nothing is taken for gone until it is back or confirmed',
    }),
  allowedTargets: allowedTargets(
    'hosts and networks that it may call although they are not public, and by http; all else is called by https, where it is public',
    ['agenda.clinic.internal', '10.20.0.0/16'],
  ),
  escalation: EscalationDocument.meta({
    description:
      'who is told by mail of tasks that are late, step by step; of a platform that persons write to',
  }),
  settings: z
    .record(z.string(), z.unknown())
    .default({})
    .meta({ description: "the platform's own settings; any text may be { env: NAME } or { file: NAME }" }),
  calendars: z.array(Calendar).meta({ description: 'the agendas on this platform that take part' }),
});

const Organization = z.strictObject({
  id: id('id of the organization', 'clinique-du-parc'),
  name: text('its name', 'Clinique du Parc'),
});

export const ConfigurationDocument = z.strictObject({
  adapters: z
    .array(text('name of a package, or path relative to this file', './adapters/acme'))
    .max(100)
    .default([])
    .meta({ description: 'adapters of other packages, each of which runs in a thread of its own' }),
  organization: Organization.optional().meta({ description: 'the clinic' }),
  organizations: z
    .array(Organization)
    .min(1)
    .max(2_000)
    .optional()
    .meta({ description: 'the clinics, where there are several: each sees its own only' }),
  locations: z.array(Location).meta({ description: 'places where patients are seen' }),
  services: z.array(Service).meta({ description: 'what is offered' }),
  practitioners: z.array(Practitioner).meta({ description: 'who sees patients' }),
  schedules: z.array(Schedule).meta({ description: 'who works where, for which service' }),
  connections: z.array(Connection).meta({ description: 'access to booking platforms' }),
  subscriptions: SubscriptionsDocument.prefault({}).meta({
    description: 'who may be told of changes, and for how long it is tried',
  }),
  access: AccessDocument.prefault({}).meta({ description: 'who else may ask, besides the administrator' }),
  patients: PatientsDocument.prefault({}).meta({ description: 'for how long it is known who comes' }),
  mail: MailDocument.optional().meta({ description: 'how mail goes out; left out = none does' }),
  server: ServerDocument.prefault({}).meta({ description: 'how clients reach the server' }),
});

export type ConfigurationDocument = z.output<typeof ConfigurationDocument>;
