import agenda from '../../adapters/agenda/adapter.ts';
import bonjourSante from '../../adapters/bonjour-sante/adapter.ts';
import { SIMULATOR_KEY as VENDOR_KEY } from '../../adapters/bonjour-sante/simulator/platform.ts';
import manual from '../../adapters/manual/adapter.ts';
import roster from '../../adapters/roster/adapter.ts';
import {
  PASSWORD as ROSTER_PASSWORD,
  USERNAME as ROSTER_USERNAME,
} from '../../adapters/roster/simulator/start.ts';
import rvsq from '../../adapters/rvsq/adapter.ts';
import { SIMULATOR_KEY as RVSQ_KEY } from '../../adapters/rvsq/simulator/platform.ts';
import type { Adapter, Limits } from '../../src/adapter/contract.ts';
import { ACCESS_DEFAULTS } from '../../src/config/access.ts';
import { MAIL_DEFAULTS } from '../../src/config/mail.ts';
import { PATIENT_DEFAULTS } from '../../src/config/patients.ts';
import type { Configuration } from '../../src/config/read-configuration.ts';
import { SERVER_DEFAULTS } from '../../src/config/server.ts';
import { SUBSCRIPTION_DEFAULTS } from '../../src/config/subscriptions.ts';
import { DEFAULT_LIMIT } from '../../src/domain/absence.ts';
import type { DirectoryEntries } from '../../src/domain/directory.ts';
import { DAY, MINUTE } from '../../src/domain/instant.ts';
import {
  type Calendar,
  DEFAULT_POLICY,
  type Failover,
  type Policy,
  type Release,
} from '../../src/domain/schedule.ts';
import { LOOPBACK } from './loopback.ts';
import { ACTORS } from './simulated-site.ts';
import { withoutHolds } from './without-holds.ts';

/** The configuration of the made-up clinic. What it is made from is plain JSON, so that another process can make it too. */

export const WEBHOOK_SECRET = 'un-secret-pour-les-essais';

export type Sites = { readonly vendor: string; readonly rvsq: string };

export type ConfigurationOptions = {
  readonly rvsqPollMilliseconds?: number;
  readonly topology?: { readonly vendor: Calendar['topology']; readonly rvsq: Calendar['topology'] };
  /** False = the vendor sends none, so it is polled often. */
  readonly webhook?: boolean;
  readonly failover?: Failover['mode'];
  readonly release?: Release;
  readonly conflicts?: Policy['conflicts'];
  readonly sharing?: Policy['sharing'];
  readonly holds?: Policy['holds'];
  /** Doctors whose agenda is edited through our own API. */
  readonly ownAgenda?: readonly string[];
  /** For how many days patients are kept; none are by itself. */
  readonly keepDays?: number;
  /** Doctors who are on a platform besides that a secretary looks after. */
  readonly byHand?: readonly string[];
  /** Beside the doctors. */
  readonly walkInService?: WalkIn;
  /** In place of those of the manifests. */
  readonly limits?: { readonly vendor: Partial<Limits>; readonly rvsq: Partial<Limits> };
  /** Where the roster of the doctors is published, by its simulator. */
  readonly roster?: string;
  /** False = RVSQ as it would be if nothing could be locked there. */
  readonly rvsqHolds?: boolean;
};

/** A service of several lanes, whose rooms are an agenda each on either platform. */
export type WalkIn = { readonly id: string; readonly capacity: number; readonly rooms: readonly string[] };

export const CONNECTION = {
  freshnessMilliseconds: 30 * MINUTE,
  horizonMilliseconds: 21 * DAY,
  isEditedHere: false,
  asksPeople: false,
  isListed: false,
  suspect: DEFAULT_LIMIT,
};

const FAILOVER: Readonly<Record<Failover['mode'], Failover>> = {
  refuse: { mode: 'refuse' },
  accept: { mode: 'accept', forMilliseconds: null, untilMillisecondsBefore: 0 },
};

type ScheduleOptions = Pick<
  ConfigurationOptions,
  'failover' | 'release' | 'conflicts' | 'sharing' | 'holds' | 'walkInService'
>;

/** Who works where: one schedule for each doctor, and one for the walk-in. */
export const clinicEntries = ({
  failover = 'refuse',
  release = DEFAULT_POLICY.release,
  conflicts = 'ask',
  sharing = DEFAULT_POLICY.sharing,
  holds = DEFAULT_POLICY.holds,
  walkInService,
}: ScheduleOptions = {}): Omit<DirectoryEntries, 'connections' | 'calendars'> => ({
  organizations: [{ id: 'clinique-essai', name: 'Clinique fictive' }],
  practitioners: actorsOf(walkInService).map((id) => ({
    id,
    family: id,
    given: 'Essai',
    prefix: 'Dr',
    identifiers: [],
  })),
  locations: [
    {
      id: 'ici',
      name: 'Ici',
      organizationId: 'clinique-essai',
      timeZone: 'America/Toronto',
      address: null,
      phone: null,
      position: null,
    },
  ],
  services: [{ id: 'famille', name: { fr: 'Médecine familiale', en: 'Family medicine' } }],
  schedules: actorsOf(walkInService).map((id) => ({
    id: scheduleOf(id),
    practitionerId: id,
    locationId: 'ici',
    serviceId: 'famille',
    capacity: id === walkInService?.id ? walkInService.capacity : 1,
    policy: { ...DEFAULT_POLICY, failover: FAILOVER[failover], release, conflicts, sharing, holds },
  })),
});

const actorsOf = (walkInService: WalkIn | undefined): readonly string[] => [
  ...ACTORS,
  ...(walkInService ? [walkInService.id] : []),
];

export const scheduleOf = (actor: string): string => `${actor}-ici`;

export const rvsqConnection = (url: string) => ({
  id: 'rvsq',
  adapter: rvsq,
  settings: { baseUrl: url, apiKey: RVSQ_KEY },
  allowedTargets: LOOPBACK,
});

const OWN = {
  ...CONNECTION,
  id: 'agenda',
  platform: 'agenda',
  title: agenda.manifest.title,
  isEditedHere: true,
  pollMilliseconds: MINUTE,
};

const ownCalendar = (actor: string): Calendar => ({
  connectionId: OWN.id,
  externalId: actor,
  scheduleId: scheduleOf(actor),
  topology: 'block',
});

const BY_HAND = {
  ...CONNECTION,
  id: 'accueil',
  platform: 'manual',
  title: { fr: 'Accueil', en: 'Front desk' },
  pollMilliseconds: MINUTE,
  asksPeople: true,
  isListed: true,
};

const BY_HAND_SETTINGS = {
  ...{ title: 'Accueil', names: { [ACTORS[0]]: 'Dr Tremblay' }, shows: 'slots', dates: 'iso' },
  ...{ closeWithinMinutes: 15, openWithinMinutes: 120 },
};

const byHandCalendar = (actor: string): Calendar => ({
  connectionId: BY_HAND.id,
  externalId: actor,
  scheduleId: scheduleOf(actor),
  topology: 'block',
});

const ROSTER = {
  ...CONNECTION,
  id: 'horaire',
  platform: 'roster',
  title: roster.manifest.title,
  pollMilliseconds: 300,
};

const rosterSettings = (url: string) => ({
  documents: [
    { url: `${url}/roster.json`, format: 'json', username: ROSTER_USERNAME, password: ROSTER_PASSWORD },
  ],
  calendars: {},
});

export function configurationOf(sites: Sites, options: ConfigurationOptions): Configuration {
  const own = options.ownAgenda ?? [];
  const byHand = options.byHand ?? [];
  const topology = options.topology ?? { vendor: 'block', rvsq: 'block' };
  const { walkInService } = options;
  const agendas = [
    ...ACTORS.map((id) => ({ id, scheduleId: scheduleOf(id) })),
    ...(walkInService
      ? walkInService.rooms.map((id) => ({ id, scheduleId: scheduleOf(walkInService.id) }))
      : []),
  ];
  return {
    directory: {
      ...clinicEntries(options),
      connections: [
        {
          ...CONNECTION,
          id: 'bonjour-sante',
          platform: 'bonjour-sante',
          title: bonjourSante.manifest.title,
          // So seldom that no test is saved by it: what a webhook should have brought must have come by itself.
          pollMilliseconds: options.webhook === false ? 500 : 15 * MINUTE,
        },
        {
          ...CONNECTION,
          id: 'rvsq',
          platform: 'rvsq',
          title: rvsq.manifest.title,
          pollMilliseconds: options.rvsqPollMilliseconds ?? 300,
        },
        ...(own.length > 0 ? [OWN] : []),
        ...(byHand.length > 0 ? [BY_HAND] : []),
        ...(options.roster === undefined ? [] : [ROSTER]),
      ],
      calendars: [
        ...own.map(ownCalendar),
        ...byHand.map(byHandCalendar),
        ...(options.roster === undefined ? [] : ACTORS).map(
          (id): Calendar => ({
            ...{ connectionId: ROSTER.id, externalId: id, scheduleId: scheduleOf(id), topology: 'shifts' },
          }),
        ),
        ...agendas.flatMap(({ id, scheduleId }) => [
          { connectionId: 'bonjour-sante', externalId: `ag-${id}`, scheduleId, topology: topology.vendor },
          { connectionId: 'rvsq', externalId: `pro-${id}`, scheduleId, topology: topology.rvsq },
        ]),
      ],
    },
    subscriptions: { ...SUBSCRIPTION_DEFAULTS, allowedTargets: LOOPBACK },
    access: ACCESS_DEFAULTS,
    patients: {
      ...PATIENT_DEFAULTS,
      ...(options.keepDays === undefined ? {} : { keepDays: options.keepDays }),
    },
    mail: MAIL_DEFAULTS,
    server: SERVER_DEFAULTS,
    connections: [
      {
        id: 'bonjour-sante',
        adapter: limited(bonjourSante, options.limits?.vendor),
        settings: { baseUrl: sites.vendor, apiKey: VENDOR_KEY, webhookSecret: WEBHOOK_SECRET },
        allowedTargets: LOOPBACK,
      },
      {
        ...rvsqConnection(sites.rvsq),
        adapter: limited(options.rvsqHolds === false ? withoutHolds(rvsq) : rvsq, options.limits?.rvsq),
      },
      ...(own.length > 0 ? [{ id: OWN.id, adapter: agenda, settings: {}, allowedTargets: [] }] : []),
      ...(byHand.length > 0
        ? [{ id: BY_HAND.id, adapter: manual, settings: BY_HAND_SETTINGS, allowedTargets: [] }]
        : []),
      ...(options.roster === undefined
        ? []
        : [
            {
              ...{ id: ROSTER.id, adapter: roster, settings: rosterSettings(options.roster) },
              allowedTargets: LOOPBACK,
            },
          ]),
    ],
  };
}

const limited = (adapter: Adapter, limits: Partial<Limits> = {}): Adapter => ({
  ...adapter,
  manifest: { ...adapter.manifest, limits: { ...adapter.manifest.limits, ...limits } },
});
