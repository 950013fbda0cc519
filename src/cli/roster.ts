import { readEnvironment } from '../config/environment.ts';
import { parseInstant } from '../domain/instant.ts';
import { interval } from '../domain/interval.ts';
import type { ProgramDependencies } from './dependencies.ts';
import { connectToGateway } from './gateway-client.ts';
import type { ClientOptions } from './gateway-request.ts';
import type { Language } from './language.ts';
import type { RosterAnswer } from './roster-answer.ts';
import { table } from './table.ts';
import { dayAndTimes } from './when.ts';

type Report = RosterAnswer['rosters'][number];
type Cause = 'withdrawn' | 'outside';

type Words = {
  readonly none: string;
  readonly more: string;
  readonly header: readonly string[];
  readonly gap: (when: string) => string;
  readonly phantom: (when: string, cause: Cause) => string;
  readonly booked: (when: string, cause: Cause, appointment: string) => string;
  readonly others: (count: number) => string;
};

const WORDS: Record<Language, Words> = {
  en: {
    none: 'no schedule has a roster',
    more: 'There are more: ask for one by its schedule.',
    header: ['SCHEDULE', 'PRACTITIONER', 'LOCATION', 'SHIFTS', 'HOURS', 'ON OFFER', 'SHARE', 'TO LOOK AT'],
    gap: (when) => `not on offer  ${when}`,
    phantom: (when, cause) =>
      `on offer      ${when}  ${cause === 'withdrawn' ? 'its shift was withdrawn' : 'no shift was published'}`,
    booked: (when, cause, appointment) =>
      `BOOKED        ${when}  ${cause === 'withdrawn' ? 'its shift was withdrawn' : 'no shift was published'}: Appointment/${appointment}`,
    others: (count) => `and ${count} more: --json has up to 500`,
  },
  fr: {
    none: 'aucun horaire n’est lié à une liste de quarts',
    more: 'Il y en a d’autres : demandez-en un par son horaire.',
    header: ['HORAIRE', 'PROFESSIONNEL', 'LIEU', 'QUARTS', 'HEURES', 'OFFERTES', 'PART', 'À VOIR'],
    gap: (when) => `non offert  ${when}`,
    phantom: (when, cause) =>
      `offert      ${when}  ${cause === 'withdrawn' ? 'le quart a été retiré' : 'aucun quart publié'}`,
    booked: (when, cause, appointment) =>
      `RÉSERVÉ     ${when}  ${cause === 'withdrawn' ? 'le quart a été retiré' : 'aucun quart publié'} : Appointment/${appointment}`,
    others: (count) => `et ${count} autres : --json en donne jusqu’à 500`,
  },
};

const LISTED_MAX = 10;

/** `passerelle roster [schedule]`: what rosters publish beside what is on offer and booked. */
export async function roster(
  { variables, stdout }: ProgramDependencies,
  options: ClientOptions & {
    readonly schedule: string | undefined;
    readonly json: boolean;
    readonly language: Language;
  },
): Promise<void> {
  const client = await connectToGateway(readEnvironment(variables), options);
  const { body, ...answer } = await client.roster(options.schedule ?? null);
  stdout.write(`${options.json ? JSON.stringify(body, null, 2) : renderRosters(answer, options.language)}\n`);
}

export function renderRosters({ rosters, complete }: RosterAnswer, language: Language): string {
  const words = WORDS[language];
  if (rosters.length === 0) return words.none;
  const hours = (minutes: number): string =>
    (minutes / 60).toFixed(1).replace('.', language === 'fr' ? ',' : '.');
  const rows = rosters.map((each) => [
    each.schedule,
    each.practitioner,
    each.location,
    String(each.shifts),
    hours(each.shiftMinutes),
    hours(each.coveredMinutes),
    each.shiftMinutes === 0 ? '-' : `${Math.floor((100 * each.coveredMinutes) / each.shiftMinutes)} %`,
    String(each.gaps.count + each.phantoms.count + each.bookedOutside.count),
  ]);
  return [
    table(words.header, rows, new Set([3, 4, 5, 6, 7])),
    ...rosters.flatMap((each) => detailsOf(each, language)),
    ...(complete ? [] : [words.more]),
  ].join('\n\n');
}

/** What a patient may meet comes first. */
function detailsOf(report: Report, language: Language): string[] {
  const words = WORDS[language];
  const when = ({ start, end }: { start: string; end: string }): string =>
    dayAndTimes(interval(parseInstant(start), parseInstant(end)), report.timeZone, language);
  const lines = [
    ...linesOf(report.bookedOutside, (each) => words.booked(when(each), each.cause, each.appointment), words),
    ...linesOf(report.phantoms, (each) => words.phantom(when(each), each.cause), words),
    ...linesOf(report.gaps, (each) => words.gap(when(each)), words),
  ];
  return lines.length === 0 ? [] : [[report.schedule, ...lines.map((line) => `  ${line}`)].join('\n')];
}

function linesOf<Item>(
  { count, items }: { readonly count: number; readonly items: readonly Item[] },
  line: (item: Item) => string,
  words: Words,
): string[] {
  const shown = items.slice(0, LISTED_MAX).map(line);
  return count > shown.length ? [...shown, words.others(count - shown.length)] : shown;
}
