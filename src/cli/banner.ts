import { join } from 'node:path';
import { z } from 'zod';
import type { GatewayEnvironment } from '../config/environment.ts';
import { SECOND } from '../domain/instant.ts';
import type { DemonstrationSimulator } from './demonstration.ts';
import type { Language } from './language.ts';

/** What the demonstration says at its start: where everything is, and how to book on either side. */

const Slots = z.array(z.object({ id: z.string(), start: z.string(), status: z.string(), actor: z.string() }));

const TIMEOUT_MILLISECONDS = 5 * SECOND;

export type SampleSlot = z.output<typeof Slots>[number];

/** A slot that is free on a simulator and in the future; null when there is none, or it does not answer. */
export async function sampleSlot(url: string, now: number): Promise<SampleSlot | null> {
  try {
    const slots = Slots.parse(
      await (await fetch(`${url}/_sim/slots`, { signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS) })).json(),
    );
    return slots.find(({ status, start }) => status === 'free' && Date.parse(start) > now) ?? null;
  } catch {
    return null;
  }
}

const WORDS = {
  en: {
    what: 'Demonstration: a made-up clinic of 3 doctors on two simulated platforms',
    token: 'Token',
    slots: 'Slots of',
    book: 'Book on',
    search: 'Search by FHIR',
  },
  fr: {
    what: 'Démonstration : une clinique fictive de 3 médecins sur deux plateformes simulées',
    token: 'Jeton',
    slots: 'Plages de',
    book: 'Réserver sur',
    search: 'Chercher en FHIR',
  },
} as const;

export function banner(options: {
  readonly url: string;
  readonly environment: GatewayEnvironment;
  readonly simulators: readonly (DemonstrationSimulator & { readonly sample: SampleSlot | null })[];
  readonly language: Language;
}): string {
  const { url, environment, simulators, language } = options;
  const words = WORDS[language];
  const token = join(environment.dataFolder, 'admin-token');
  const places = [
    ['Console', `${url}/auth/demonstration?key=${environment.entryKey}`],
    ['FHIR R4', `${url}/fhir/metadata`],
    ...simulators.map(({ title, url: at }) => [title, at]),
    [words.token, token],
  ];
  const width = Math.max(...places.map(([name]) => name?.length ?? 0));
  return [
    '',
    words.what,
    ...places.map(([name, where]) => `  ${name?.padEnd(width)}  ${where}`),
    '',
    ...simulators.flatMap(({ title, url: at, sample }) => [
      `  # ${words.slots} ${title}`,
      `  curl -s ${at}/_sim/slots`,
      `  # ${words.book} ${title}${sample === null ? '' : ` (${sample.actor}, ${sample.start})`}`,
      `  curl -s -X POST ${at}/_sim/bookings -H 'Content-Type: application/json' -d '{"slotId":"${sample?.id ?? '…'}"}'`,
    ]),
    `  # ${words.search}`,
    `  curl -s -H "Authorization: Bearer $(cat ${token})" '${url}/fhir/Slot?status=free&_count=5'`,
    '',
  ].join('\n');
}
