import { observationsOf } from '../../src/adapter/asking/listed.ts';
import type { Connect, List, ListedTime, ListRead, WrongLine } from '../../src/adapter/contract.ts';
import { readLocal, toLocal } from '../../src/adapter/zone.ts';
import { HOUR, type Instant, MINUTE, parseInstant, plus } from '../../src/domain/instant.ts';
import { type Interval, interval } from '../../src/domain/interval.ts';
import type { Bilingual } from '../../src/domain/schedule.ts';
import { plain } from './columns.ts';
import type { Settings } from './manifest.ts';
import { type Line, tableOf } from './table.ts';
import { readClock, readDay } from './times.ts';

/** Reads what a person copied: each line is one time, or is named as one that cannot be read. No value of it is repeated. */

type Options = Pick<Connect<Settings>, 'settings' | 'maps' | 'zoneOf'>;
type TextList = Extract<List, { kind: 'text' }>;

/** The longest day of the year, in the night of which the clocks go back; more is a mistake of somebody's. */
const HOURS_MAX = 25;
/** An end before the start is on the next day; so late on it that is a mistake as well. */
const NIGHT_HOURS_MAX = 12;

export function listReader(options: Options): (list: List) => ListRead {
  const showsSlots = options.settings.shows === 'slots';
  // Read once: that its table is there is known at the start.
  const statuses = options.maps.map('manual-status');
  const statusOf = (text: string): string | null => statuses.toOurs(plain(text));
  return (list) => {
    // What somebody says of one time says nothing of how the platform cuts its slots.
    if (list.kind === 'times') return { ...observationsOf(list.times, false), wrong: [] };
    const table = tableOf(list.text, options.settings.columns ?? null);
    if (table.wrong !== null) return { rows: [], removed: [], wrong: [table.wrong] };
    const times: ListedTime[] = [];
    const wrong: WrongLine[] = [];
    // A list of appointments alone need not say that they are.
    const isStatusSaid = showsSlots || table.columns.has('status');
    const isMarked = table.lines.some(({ cells }) => isMarkedClock(cells.start) || isMarkedClock(cells.end));
    for (const line of table.lines) {
      const read = readLine(line, {
        ...options,
        list,
        isMarked,
        hasDate: table.columns.has('date'),
        statusOf: isStatusSaid ? statusOf : () => 'busy',
      });
      if ('fr' in read) wrong.push({ line: line.line, reason: read });
      else if (read.status !== null) times.push({ ...read, status: read.status });
    }
    return { ...observationsOf(times, showsSlots), wrong };
  };
}

const isMarkedClock = (text = ''): boolean => readClock(text)?.kind === 'marked';

type Reading = Options & {
  readonly list: TextList;
  /** Some of its times say a.m. or p.m.: then all have to. */
  readonly isMarked: boolean;
  readonly hasDate: boolean;
  readonly statusOf: (text: string) => string | null;
};

/** `status` is null where it stands for nothing, such as one that was cancelled. */
type Read = {
  readonly calendar: string;
  readonly interval: Interval;
  readonly status: ListedTime['status'] | null;
};

const STATUSES: Readonly<Record<string, ListedTime['status'] | null>> = {
  free: 'free',
  busy: 'booked',
  'busy-unavailable': 'blocked',
  'entered-in-error': null,
};

function readLine({ cells }: Line, reading: Reading): Read | Bilingual {
  const calendar = calendarOf(cells.calendar ?? '', reading);
  if (calendar === null) return NO_CALENDAR;
  const target = reading.statusOf(cells.status ?? '');
  const status = target === null ? undefined : STATUSES[target];
  if (status === undefined) return NO_STATUS;
  const zone = reading.zoneOf(calendar);
  const start = pointOf(cells.start ?? '', cells.date ?? '', null, zone, reading);
  if (typeof start === 'object') return start;
  const end =
    cells.end === undefined || cells.end === ''
      ? lastFor(start, cells.duration ?? '')
      : pointOf(cells.end, cells.date ?? '', start, zone, reading);
  if (typeof end === 'object') return end;
  if (end <= start) return NO_LENGTH;
  if (end > plus(start, HOURS_MAX * HOUR)) return TOO_LONG;
  return { calendar, interval: interval(start, end), status };
}

/** By its id, or by what the clinic calls it. */
function calendarOf(text: string, { list, settings: { names } }: Reading): string | null {
  if (text === '') return list.calendar;
  const wanted = plain(text);
  const found = list.calendars.filter((id) => id === text || plain(names[id] ?? '') === wanted);
  const [only] = found;
  return found.length === 1 && only !== undefined ? only : null;
}

function lastFor(start: Instant, text: string): Instant | Bilingual {
  const found = /^(\d{1,4}) ?(?:min(?:utes)?\.?)?$/.exec(text);
  return found ? plus(start, Number(found[1]) * MINUTE) : NO_END;
}

/** @param after the start, of an end: without a day of its own it is the next such time. */
function pointOf(
  text: string,
  dateText: string,
  after: Instant | null,
  zone: string,
  reading: Reading,
): Instant | Bilingual {
  if (/^\d{4}-\d\d-\d\dT/.test(text) && /(?:Z|[+-]\d\d:\d\d)$/.test(text)) return exactly(text) ?? NO_TIME;
  const [first = '', ...others] = text.split(/[T ]/);
  const ownDay = others.length > 0 ? readDay(first, reading.settings.dates) : null;
  const clock = readClock(ownDay === null ? text : others.join(' '));
  if (clock === null) return NO_TIME;
  // A clock that is written out after a day is one of 24 hours, as ISO 8601 has it.
  if (clock.kind !== 'marked' && (reading.isMarked || (clock.kind === 'unclear' && ownDay === null)))
    return UNCLEAR;
  const day = ownDay ?? dayOf(dateText, after, zone, reading);
  if (typeof day === 'object') return day;
  const at = locally(`${day}T${clock.text}`, zone);
  if (typeof at !== 'number' || after === null || at > after || ownDay !== null) return at;
  const next = locally(`${dayAfter(day)}T${clock.text}`, zone);
  return typeof next === 'number' && next > plus(after, NIGHT_HOURS_MAX * HOUR) ? NO_LENGTH : next;
}

function dayOf(
  text: string,
  after: Instant | null,
  zone: string,
  { hasDate, settings, list }: Reading,
): string | Bilingual {
  if (text !== '') return readDay(text, settings.dates) ?? NO_DAY;
  if (after !== null) return toLocal(after, zone).slice(0, 10);
  return hasDate ? NO_DAY : toLocal(list.seenAt, zone).slice(0, 10);
}

function exactly(text: string): Instant | null {
  try {
    return parseInstant(text);
  } catch {
    return null;
  }
}

/** The two nights of the year in which a time is there twice, or not at all, need an offset. */
function locally(text: string, zone: string): Instant | Bilingual {
  try {
    const { kind, at } = readLocal(text, zone);
    if (kind === 'exact') return at;
    return kind === 'repeated' ? TWICE : NEVER;
  } catch {
    return NO_DAY;
  }
}

const dayAfter = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + 24 * HOUR).toISOString().slice(0, 10);

const NO_CALENDAR: Bilingual = {
  fr: 'aucun agenda de la connexion ne s’appelle ainsi, ou plusieurs : écrivez son id, ou nommez l’agenda de la liste',
  en: 'no calendar of the connection is called so, or several are: write its id, or name the calendar of the list',
};
const NO_STATUS: Bilingual = {
  fr: 'ce statut n’est pas dans mappings/manual/status.json',
  en: 'this status is not in mappings/manual/status.json',
};
const NO_DAY: Bilingual = {
  fr: 'le jour ne se lit pas : comme 2026-11-24, ou comme le dit dates',
  en: 'the day cannot be read: as 2026-11-24, or as dates says',
};
const NO_TIME: Bilingual = {
  fr: 'l’heure ne se lit pas : comme 09:20 ou 9 h 20',
  en: 'the time cannot be read: as 09:20',
};
const UNCLEAR: Bilingual = {
  fr: 'matin ou après-midi? Écrivez 13:20, 01:20 ou 1:20 PM',
  en: 'morning or afternoon? Write 13:20, 01:20 or 1:20 PM',
};
const TWICE: Bilingual = {
  fr: 'cette heure revient deux fois cette nuit-là : écrivez-la avec son décalage, comme 2026-11-01T01:20-04:00',
  en: 'this time comes twice in that night: write it with its offset, as 2026-11-01T01:20-04:00',
};
const NEVER: Bilingual = {
  fr: 'cette heure n’existe pas cette nuit-là : l’heure avance',
  en: 'this time does not exist in that night: the clocks go forward',
};
const NO_END: Bilingual = {
  fr: 'ni la fin ni la durée ne se lit : la durée est en minutes',
  en: 'neither the end nor the duration can be read: a duration is in minutes',
};
const NO_LENGTH: Bilingual = { fr: 'la fin n’est pas après le début', en: 'the end is not after the start' };
const TOO_LONG: Bilingual = {
  fr: `plus de ${HOURS_MAX} heures d’un coup`,
  en: `more than ${HOURS_MAX} hours at once`,
};
