import { z } from 'zod';
import type { Manifest } from '../../src/adapter/contract.ts';
import { Events, WorkingPlan } from '../../src/adapter/icalendar/settings.ts';
import { IS_SECRET } from '../../src/adapter/secret.ts';
import { titled } from '../../src/adapter/titled.ts';
import { MINUTE, SECOND } from '../../src/domain/instant.ts';
import { keyIn } from './service-account.ts';

const CalendarSettings = z.strictObject({
  availability: WorkingPlan.optional()
    .describe('Where slots come from: a working plan. Left out = only busy time is read')
    .meta(
      titled(
        'Slots',
        'Plages',
        'D’où viennent les plages : un horaire de travail. Sans réponse = seul le temps pris est lu',
      ),
    ),
  events: Events.optional()
    .describe('Overrides `events` of the connection for this calendar')
    .meta(titled('Events', 'Événements', 'Remplace « events » de la connexion pour cet agenda')),
  owner: z
    .email()
    .optional()
    .describe(
      'Whose calendar it is: an invitation that this attendee declined takes no time. Left out = whom Google marks as `self`',
    )
    .meta(
      titled(
        'Owner',
        'Titulaire',
        'À qui est l’agenda : une invitation que cette adresse a déclinée ne prend pas de temps. Sans réponse = qui Google marque « self »',
      ),
    ),
});

export const Settings = z
  .strictObject({
    baseUrl: z
      .url({ protocol: /^https?$/ })
      .default('https://www.googleapis.com/calendar/v3')
      .describe('Address of the API')
      .meta(titled('Address', 'Adresse', 'Adresse de l’interface')),
    tokenUrl: z
      .url({ protocol: /^https?$/ })
      .default('https://oauth2.googleapis.com/token')
      .describe('Where access tokens are asked for')
      .meta(titled('Token endpoint', 'Adresse des jetons', 'Où demander les jetons d’accès')),
    serviceAccountKey: z
      .string()
      .refine((text) => keyIn(text) !== null, { error: 'is not the JSON key file of a service account' })
      .optional()
      .describe('Content of the JSON key file of a service account. Secret')
      .meta(IS_SECRET)
      .meta(
        titled(
          'Service account key',
          'Clé du compte de service',
          'Contenu du fichier de clé JSON d’un compte de service. Secret',
        ),
      ),
    subject: z
      .email()
      .optional()
      .describe('The user for whom the service account acts (domain-wide delegation); left out = for itself')
      .meta(
        titled(
          'Acts for',
          'Agit pour',
          'La personne pour qui agit le compte de service (délégation à l’échelle du domaine); sans réponse = pour lui-même',
        ),
      ),
    clientId: z
      .string()
      .min(1)
      .optional()
      .describe('OAuth client, with `clientSecret` and `refreshToken`')
      .meta(
        titled('OAuth client', 'Client OAuth', 'Client OAuth, avec « clientSecret » et « refreshToken »'),
      ),
    clientSecret: z
      .string()
      .min(1)
      .optional()
      .describe('Secret of the OAuth client')
      .meta(IS_SECRET)
      .meta(titled('OAuth client secret', 'Secret du client OAuth', 'Secret du client OAuth')),
    refreshToken: z
      .string()
      .min(1)
      .optional()
      .describe('Refresh token of the user whose calendars they are. Secret')
      .meta(IS_SECRET)
      .meta(
        titled(
          'Refresh token',
          'Jeton d’actualisation',
          'Jeton d’actualisation de la personne à qui sont les agendas. Secret',
        ),
      ),
    events: Events.default('appointment')
      .describe(
        'What a timed event of the clinic stands for. `appointment`: inside the lock, can be in conflict. `block`: ' +
          'time that is closed. All-day events, out of office and focus time are always blocks',
      )
      .meta(
        titled(
          'Events',
          'Événements',
          'Ce qu’est un événement de la clinique qui a une heure. « appointment » : dans le verrou, peut être en conflit. « block » : du temps fermé. Les journées entières, les absences et le temps de concentration sont toujours du temps fermé',
        ),
      ),
    patientInEvents: z
      .boolean()
      .default(false)
      .describe("Whether the patient's name is written into events that book; false = a reference only")
      .meta(
        titled(
          'Patient’s name in events',
          'Nom du patient dans les événements',
          'Si le nom du patient est écrit dans les événements qui réservent; non = une référence seulement',
        ),
      ),
    calendars: z
      .record(z.string(), CalendarSettings)
      .default({})
      .describe('By the id of the calendar, as Google shows it in its settings')
      .meta(
        titled(
          'Calendars',
          'Agendas',
          'Par identifiant de l’agenda, comme Google le montre dans ses réglages',
        ),
      ),
  })
  .refine(
    ({ serviceAccountKey, clientId, clientSecret, refreshToken }) => {
      const user = [clientId, clientSecret, refreshToken];
      return serviceAccountKey === undefined
        ? user.every((each) => each !== undefined)
        : user.every((each) => each === undefined);
    },
    {
      path: ['serviceAccountKey'],
      error: 'give either serviceAccountKey, or clientId, clientSecret and refreshToken',
    },
  )
  .refine(({ serviceAccountKey, subject }) => subject === undefined || serviceAccountKey !== undefined, {
    path: ['subject'],
    error: 'only a service account acts for somebody else',
  });
export type Settings = z.output<typeof Settings>;

export const manifest = {
  id: 'google-calendar',
  title: { fr: 'Google Agenda', en: 'Google Calendar' },
  kind: 'private',
  contract: 'published',
  capabilities: {
    agenda: 'there',
    pull: 'delta',
    feed: 'calendar',
    // Its channels end after some days and would have to be opened anew, for which an adapter has no occasion.
    webhook: 'none',
    idempotency: 'key',
    conditionalWrite: true,
    operations: ['block', 'unblock', 'book', 'cancel', 'move'],
    calendars: true,
  },
  limits: {
    // By default 600 a minute for each user of a project; a patch counts as three.
    requests: 300,
    windowMilliseconds: MINUTE,
    concurrency: 4,
    timeoutMilliseconds: 30 * SECOND,
    // It promises nothing of when a list shows what was written.
    stalenessMilliseconds: 10 * SECOND,
  },
  settings: Settings,
  exemptions: {
    'unmapped-code':
      'A calendar has no codes for who may book, why or how: what is said of a slot comes from the settings of the ' +
      'connection, in words that Passerelle knows, so there is no code that could be unknown.',
  },
} as const satisfies Manifest<typeof Settings>;
