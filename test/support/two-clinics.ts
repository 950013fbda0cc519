import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import pino from 'pino';
import agenda from '../../adapters/agenda/adapter.ts';
import manual from '../../adapters/manual/adapter.ts';
import { parseConfiguration } from '../../src/config/read-configuration.ts';
import { type Gateway, startGateway } from '../../src/gateway.ts';
import { makeDataFolder } from './data-folder.ts';
import { until } from './servers.ts';

/** Two made-up clinics in one gateway, each with an agenda of its own in it, and a platform that its front desk looks after: a real gateway over a real database. */

export const CLINICS = ['clinique-nord', 'clinique-sud'] as const;
export type Clinic = (typeof CLINICS)[number];

/** What is said of each has this in it, so that the other's answers can be searched for it. */
export const wordOf = (clinic: Clinic): string => clinic.replace('clinique-', '');

const CONFIGURATION = `
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
    calendars: [{ id: ecran-${wordOf(id)}, schedule: horaire-${wordOf(id)}, topology: block }]`,
).join('\n')}
patients: { keepDays: 30 }
subscriptions: { allowedTargets: [127.0.0.0/8] }
`;

export type Asked = { readonly status: number; readonly text: string };

export type TwoClinics = {
  readonly url: string;
  /** A token of the clinic that may everything there, or of both. */
  readonly tokenOf: (clinic: Clinic | null, scopes?: string) => Promise<string>;
  readonly ask: (
    token: string,
    method: string,
    path: string,
    body?: unknown,
    type?: string,
  ) => Promise<Asked>;
  readonly close: () => Promise<void>;
};

export const EVERYTHING = 'system/*.cruds passerelle/status passerelle/operate passerelle/administer';

export async function openTwoClinics(databaseUrl: string | null): Promise<TwoClinics> {
  const dataFolder = await makeDataFolder({ embedded: databaseUrl === null });
  const adapters = new Map([agenda, manual].map((each) => [each.manifest.id, each]));
  const gateway: Gateway = await startGateway({
    environment: {
      ...{ port: 0, host: '127.0.0.1', dataFolder, configurationFile: null, publicUrl: null },
      ...{ databaseUrl, redisUrl: null, key: null, previousKeys: [], logLevel: 'silent' },
    },
    role: 'both',
    configuration: parseConfiguration(CONFIGURATION, 'two-clinics.yaml', adapters, {}),
    onEvent: () => undefined,
    logger: pino({ level: 'silent' }),
  });
  const url = gateway.url ?? '';
  await until('both agendas are there', async () => (await fetch(`${url}/readyz`)).status === 200);
  const administrator = (await readFile(join(dataFolder, 'admin-token'), 'utf8')).trim();
  let made = 0;

  const ask: TwoClinics['ask'] = async (token, method, path, body, type = 'application/fhir+json') => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': type, 'accept-language': 'en' };
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
    async close() {
      await gateway.close();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}
