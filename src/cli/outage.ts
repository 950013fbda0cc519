import { z } from 'zod';
import { readEnvironment } from '../config/environment.ts';
import { parseInstant } from '../domain/instant.ts';
import { CommandFailure, type ProgramDependencies } from './dependencies.ts';
import { type ClientOptions, reachGateway } from './gateway-request.ts';
import type { Language } from './language.ts';
import { table } from './table.ts';
import { duration } from './when.ts';

const Bilingual = z.object({ fr: z.string(), en: z.string() });
const Answer = z.object({
  at: z.string(),
  down: z.array(
    z.object({
      connection: z.string(),
      state: z.string(),
      since: z.string().nullable(),
      error: z.object({ what: Bilingual, patients: Bilingual, toDo: Bilingual }).nullable(),
      queued: z.object({
        close: z.number(),
        open: z.number(),
        book: z.number(),
        cancel: z.number(),
        total: z.number(),
      }),
      schedules: z.array(z.object({ practitioner: z.string(), stillAt: z.array(z.string()) })),
    }),
  ),
  working: z.array(
    z.object({ connection: z.string(), free: z.object({ today: z.number(), tomorrow: z.number() }) }),
  ),
});
type Answer = z.output<typeof Answer>;

/** `passerelle outage`: what is down, what waits for it, and what still works. */
export async function outage(
  { variables, stdout }: ProgramDependencies,
  { language, json, ...reaching }: ClientOptions & { readonly language: Language; readonly json: boolean },
): Promise<void> {
  const { url, ask } = await reachGateway(readEnvironment(variables), reaching);
  const body = await ask('GET', '/api/outage');
  const parsed = Answer.safeParse(body);
  if (!parsed.success) throw new CommandFailure(`${url} is not a Passerelle of this version`);
  stdout.write(json ? `${JSON.stringify(body, null, 2)}\n` : `${renderOutage(parsed.data, language)}\n`);
}

const HEADER: Readonly<Record<Language, readonly string[]>> = {
  fr: ['CONNEXION', 'ÉTAT', 'DEPUIS', 'À FERMER', 'À OUVRIR', 'À RÉSERVER', 'À ANNULER'],
  en: ['CONNECTION', 'STATE', 'FOR', 'TO CLOSE', 'TO OPEN', 'TO BOOK', 'TO CANCEL'],
};
const WORKING: Readonly<Record<Language, readonly string[]>> = {
  fr: ['FONCTIONNE', 'LIBRES AUJOURD’HUI', 'LIBRES DEMAIN'],
  en: ['WORKS', 'FREE TODAY', 'FREE TOMORROW'],
};
const NOTHING: Readonly<Record<Language, string>> = { fr: 'rien n’est en panne', en: 'nothing is down' };
const NOWHERE: Readonly<Record<Language, string>> = {
  fr: 'ne se réserve plus nulle part',
  en: 'can be booked nowhere any more',
};

export function renderOutage({ at, down, working }: Answer, language: Language): string {
  const now = parseInstant(at);
  const rows = down.map(({ connection, state, since, queued }) => [
    connection,
    state,
    since === null ? '-' : duration(Math.max(0, now - parseInstant(since)), language),
    ...[queued.close, queued.open, queued.book, queued.cancel].map(String),
  ]);
  const why = down.flatMap(({ connection, error }) =>
    error
      ? [
          `${connection}: ${error.what[language]}`,
          `  ${error.patients[language]}`,
          `  ${error.toDo[language]}`,
        ]
      : [],
  );
  const homeless = new Set(
    down.flatMap(({ schedules }) =>
      schedules.filter(({ stillAt }) => stillAt.length === 0).map(({ practitioner }) => practitioner),
    ),
  );
  const works = working.map(({ connection, free }) => [
    connection,
    String(free.today),
    String(free.tomorrow),
  ]);
  return [
    down.length === 0 ? NOTHING[language] : table(HEADER[language], rows, new Set([2, 3, 4, 5, 6])),
    ...(why.length > 0 ? ['', ...why] : []),
    ...(homeless.size > 0 ? ['', `${[...homeless].join(', ')} : ${NOWHERE[language]}`] : []),
    ...(works.length > 0 ? ['', table(WORKING[language], works, new Set([1, 2]))] : []),
  ].join('\n');
}
