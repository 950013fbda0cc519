import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pino from 'pino';
import agenda from '../../adapters/agenda/adapter.ts';
import manual from '../../adapters/manual/adapter.ts';
import roster from '../../adapters/roster/adapter.ts';
import { parseConfiguration } from '../../src/config/read-configuration.ts';
import { type Gateway, startGateway } from '../../src/gateway.ts';
import { makeDataFolder } from './data-folder.ts';
import { READ_ONLY } from './fake-editor.ts';
import { until } from './servers.ts';
import { assertionOf, newKey, type SigningKey } from './signing-client.ts';

/**
 * Two made-up clinics in one gateway, each with an agenda of its own in it, a platform that its front desk looks after, a roster, and
 * a program that has a key: a real gateway over a real database.
 */

export const CLINICS = ['clinique-nord', 'clinique-sud'] as const;
export type Clinic = (typeof CLINICS)[number];

/** What is said of each has this in it, so that the other's answers can be searched for it. */
export const wordOf = (clinic: Clinic): string => clinic.replace('clinique-', '');

const configuration = (folder: string, { publicJwk }: SigningKey): string => `
organizations:
${CLINICS.map((id) => `  - { id: ${id}, name: Clinique fictive du ${wordOf(id)} }`).join('\n')}
locations:
${CLINICS.map((id) => `  - { id: lieu-${wordOf(id)}, name: Lieu ${wordOf(id)}, organization: ${id} }`).join('\n')}
services:
  - { id: consultation, name: { fr: Consultation, en: Consultation } }
practitioners:
${CLINICS.map((id) => `  - { id: dre-${wordOf(id)}, family: Fictive-${wordOf(id)}, given: Alix }`).join('\n')}
schedules:
${CLINICS.map((id) => `  - { id: horaire-${wordOf(id)}, practitioner: dre-${wordOf(id)}, location: lieu-${wordOf(id)}, service: consultation }`).join('\n')}
connections:
${CLINICS.map(
  (id) => `  - id: agenda-${wordOf(id)}
    platform: agenda
    calendars: [{ id: cal-${wordOf(id)}, schedule: horaire-${wordOf(id)}, topology: block }]
  - id: accueil-${wordOf(id)}
    platform: manual
    settings: { title: Accueil ${wordOf(id)} }
    calendars: [{ id: ecran-${wordOf(id)}, schedule: horaire-${wordOf(id)}, topology: block }]
  - id: quarts-${wordOf(id)}
    platform: roster
    settings:
      documents: [{ file: ${rosterOf(folder, id)}, format: csv, calendar: quarts-${wordOf(id)} }]
    calendars: [{ id: quarts-${wordOf(id)}, schedule: horaire-${wordOf(id)}, topology: shifts }]`,
).join('\n')}
access:
  clients:
${CLINICS.map(
  (id) => `    - id: logiciel-${wordOf(id)}
      name: Logiciel
      organization: ${id}
      scopes: [system/*.cruds, passerelle/status]
      jwks: ${JSON.stringify({ keys: [publicJwk] })}`,
).join('\n')}
patients: { keepDays: 30 }
subscriptions: { allowedTargets: [127.0.0.0/8] }
`;

const rosterOf = (folder: string, clinic: Clinic): string => join(folder, `quarts-${wordOf(clinic)}.csv`);

/** In the week to come. */
const ROSTER = (clinic: Clinic): string => {
  const day = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
  return `id,date,start,end\nquart-${wordOf(clinic)},${day},08:00,12:00\n`;
};

export type Asked = { readonly status: number; readonly text: string };

export type TwoClinics = {
  readonly url: string;
  /** A token of the clinic that may everything there, or of both. */
  readonly tokenOf: (clinic: Clinic | null, scopes?: string) => Promise<string>;
  /** An access token of the clinic's program, by its key. */
  readonly programTokenOf: (clinic: Clinic) => Promise<string>;
  readonly ask: (
    token: string,
    method: string,
    path: string,
    body?: unknown,
    type?: string,
    more?: Readonly<Record<string, string>>,
  ) => Promise<Asked>;
  readonly close: () => Promise<void>;
};

export const EVERYTHING = 'system/*.cruds passerelle/status passerelle/operate passerelle/administer';

export async function openTwoClinics(databaseUrl: string | null): Promise<TwoClinics> {
  const dataFolder = await makeDataFolder({ embedded: databaseUrl === null });
  const adapters = new Map([agenda, manual, roster].map((each) => [each.manifest.id, each]));
  const key = await newKey('made-up');
  for (const clinic of CLINICS) await writeFile(rosterOf(dataFolder, clinic), ROSTER(clinic));
  const gateway: Gateway = await startGateway({
    environment: {
      ...{ port: 0, host: '127.0.0.1', dataFolder, configurationFile: null, publicUrl: null },
      ...{ databaseUrl, redisUrl: null, key: null, previousKeys: [], logLevel: 'silent' },
    },
    role: 'both',
    configuration: parseConfiguration(configuration(dataFolder, key), 'two-clinics.yaml', adapters, {}),
    source: { revision: '0'.repeat(64), editor: READ_ONLY },
    onEvent: () => undefined,
    logger: pino({ level: 'silent' }),
  });
  const url = gateway.url ?? '';
  await until('both agendas are there', async () => (await fetch(`${url}/readyz`)).status === 200);
  const administrator = (await readFile(join(dataFolder, 'admin-token'), 'utf8')).trim();
  let made = 0;

  const ask: TwoClinics['ask'] = async (
    token,
    method,
    path,
    body,
    type = 'application/fhir+json',
    more = {},
  ) => {
    const headers = {
      ...{ authorization: `Bearer ${token}`, 'content-type': type, 'accept-language': 'en' },
      ...more,
    };
    const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
    const response = await fetch(url + path, { method, headers, ...sent });
    return { status: response.status, text: await response.text() };
  };
  return {
    url,
    ask,
    async tokenOf(clinic, scopes = EVERYTHING) {
      made += 1;
      const { text } = await ask(
        administrator,
        'POST',
        '/api/tokens',
        {
          name: `essai ${made}`,
          scopes: scopes.split(' '),
          expiresInDays: 1,
          ...(clinic === null ? {} : { organization: clinic }),
        },
        'application/json',
      );
      return (JSON.parse(text) as { token: string }).token;
    },
    async programTokenOf(clinic) {
      const client_assertion = await assertionOf(key, {
        ...{ iss: `logiciel-${wordOf(clinic)}`, aud: `${url}/oauth/token`, jti: crypto.randomUUID() },
        exp: Math.floor(Date.now() / 1_000) + 200,
      });
      const body = new URLSearchParams({
        ...{ grant_type: 'client_credentials', client_assertion },
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      });
      const answer = await fetch(`${url}/oauth/token`, { method: 'POST', body });
      return ((await answer.json()) as { access_token: string }).access_token;
    },
    async close() {
      await gateway.close();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}
