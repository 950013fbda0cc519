import { type CodeMap, type CodeMaps, translate } from '../adapter/concept-map.ts';
import { Fault } from '../adapter/faults.ts';
import {
  type Mark,
  markOf,
  type Observation,
  type Rejected,
  type Removal,
  subjectOf,
} from '../adapter/observation.ts';
import type { BusyKind } from '../domain/busy.ts';
import { type Instant, instant, MINUTE, plus } from '../domain/instant.ts';
import { type Interval, interval } from '../domain/interval.ts';
import {
  ELIGIBILITIES,
  MODES,
  REASONS,
  REORIENTATIONS,
  SLOT_STATUSES,
  type SlotAttributes,
  type SlotStatus,
} from '../domain/slot.ts';
import { unmappedCode } from '../domain/unmapped.ts';
import { mapOf } from './client.ts';
import type { RecordShape, RowKind } from './description.ts';
import { NotEvaluated } from './expression.ts';
import type { Expression } from './syntax.ts';
import { BadRecord, codesOf, fieldOf, integerOf, type Looked, textOf, timeOf } from './values.ts';

/** Records of the platform as observations. One that cannot be read is set aside; an unmapped code is reported. */

export type Normalized = {
  readonly rows: Observation[];
  readonly removed: Removal[];
  readonly rejected: Rejected[];
};

export type Asked = {
  /** Those of others are none of our business; null = any. */
  readonly calendars: ReadonlySet<string> | null;
  /** The one that was asked for, where a record does not say. */
  readonly calendar: string | null;
  /** The whole of the answer, `$answer` to an expression. */
  readonly answer: unknown;
  readonly only?: Expression | undefined;
  /** It tells what changed, so that what took the time of a slot until now is to be told of too. */
  readonly isChange: boolean;
};

export type Normalize = (records: readonly unknown[], asked: Asked) => Promise<Normalized>;

/** FHIR R4 SlotStatus, to which a table leads. */
const OF_STATUS: Readonly<Record<SlotStatus, RowKind>> = {
  free: 'slot',
  busy: 'appointment',
  'busy-tentative': 'hold',
  'busy-unavailable': 'block',
};

export function createNormalizer(
  id: string,
  shape: RecordShape,
  maps: CodeMaps,
  zoneOf: (calendar: string) => string,
): Normalize {
  const map = (name: string): CodeMap => mapOf(maps, `${id}-${name}`);
  const kindOf = kindReader(shape, map);
  const attributesOf = attributeReader(shape, map);

  /** Null = it is of another one, which is none of our business. @throws BadRecord */
  async function calendarOf(looked: Looked, asked: Asked): Promise<string | null> {
    const calendar = (await textOf('calendar', shape.calendar, looked)) ?? asked.calendar;
    if (calendar === null) throw new BadRecord('calendar: missing');
    return asked.calendars === null || asked.calendars.has(calendar) ? calendar : null;
  }

  /** What is gone may say no more than its id, nor of which calendar it was. @throws BadRecord */
  async function read(looked: Looked, externalId: string, asked: Asked, found: Normalized): Promise<void> {
    const isGone = Boolean(await fieldOf('gone', shape.gone, looked));
    const calendar = isGone ? '' : await calendarOf(looked, asked);
    if (calendar === null) return;
    const { kind, grid } = await kindOf(looked);
    const sequence = await integerOf('sequence', shape.sequence, looked);
    const gone = (of: Removal['kind']): void => {
      found.removed.push({ kind: of, externalId, sequence });
    };
    if (isGone) {
      if (kind === 'slot' || grid) gone('slot');
      if (kind !== 'slot' || grid) gone('busy');
      return;
    }
    const zone = (): string => zoneOf(calendar);
    const common = {
      externalId,
      calendar,
      interval: await intervalOf(shape, looked, zone),
      mark: markIn(await fieldOf('mark', shape.mark, looked)),
      revision: await textOf('revision', shape.revision, looked, 1_000),
      sequence,
    };
    if (kind === 'slot' || grid) {
      const report = (code: string, field: string): void => {
        found.rejected.push({ externalId, reason: unmappedCode(code, field), raw: looked.record });
      };
      found.rows.push({ kind: 'slot', ...common, attributes: await attributesOf(looked, zone, report) });
      // By what stood in this very record.
      if (grid && kind === 'slot' && asked.isChange) gone('busy');
    }
    if (kind !== 'slot')
      found.rows.push({ kind: 'busy', ...common, ...(await busyOf(kind, shape, looked, zone)) });
  }

  return async (records, asked) => {
    const found: Normalized = { rows: [], removed: [], rejected: [] };
    for (const record of records) {
      const looked: Looked = { record, variables: { answer: asked.answer } };
      let externalId: string | null = null;
      try {
        if (asked.only && !(await fieldOf('only', asked.only, looked))) continue;
        externalId = await textOf('id', shape.id, looked);
        if (externalId === null) throw new BadRecord('id: missing');
        await read(looked, externalId, asked, found);
      } catch (error) {
        if (error instanceof NotEvaluated)
          throw new Fault('malformed', `an expression of the description ${error.message}`);
        if (!(error instanceof BadRecord)) throw error;
        found.rejected.push({ externalId, reason: error.message, raw: record });
      }
    }
    return found;
  };
}

type Kinds = { readonly kind: RowKind; readonly grid: boolean };

function kindReader(
  { kind }: RecordShape,
  map: (name: string) => CodeMap,
): (looked: Looked) => Promise<Kinds> {
  if (typeof kind === 'string') return async () => ({ kind, grid: false });
  const { code: expression, is, grid } = kind;
  const table = kind.map === undefined ? null : map(kind.map);
  const meant = (code: string): RowKind | undefined => {
    const own = is && Object.hasOwn(is, code) ? is[code] : undefined;
    const status = table?.toOurs(code);
    return own ?? SLOT_STATUSES.filter((each) => each === status).map((each) => OF_STATUS[each])[0];
  };
  return async (looked) => {
    const code = await textOf('kind', expression, looked);
    if (code === null) throw new BadRecord('kind: missing');
    const found = meant(code);
    // A table is kept by an operator, who is told of the code; what a description does not name may be anything.
    if (found === undefined)
      throw new BadRecord(table ? unmappedCode(code, 'kind') : 'kind: none of those described');
    return { kind: found, grid };
  };
}

const MINUTES_MAX = 31 * 24 * 60;

async function intervalOf(shape: RecordShape, looked: Looked, zone: () => string): Promise<Interval> {
  const start = await timeOf('start', shape.start, looked, zone);
  if (start === null) throw new BadRecord('start: missing');
  const end = shape.minutes
    ? plus(start, (await minutesOf(shape.minutes, looked)) * MINUTE)
    : await timeOf('end', shape.end, looked, zone);
  if (end === null) throw new BadRecord('end: missing');
  if (end <= start) throw new BadRecord('end: not after the start');
  return interval(start, instant(end));
}

async function minutesOf(expression: Expression, looked: Looked): Promise<number> {
  const minutes = await integerOf('minutes', expression, looked);
  if (minutes === null || minutes < 1 || minutes > MINUTES_MAX)
    throw new BadRecord(`minutes: not a whole number of 1 to ${MINUTES_MAX}`);
  return minutes;
}

/** People write there as well: what is no mark of ours is none. */
function markIn(value: unknown): Mark | null {
  const subject = subjectOf(typeof value === 'string' ? value : null);
  return subject === null ? null : markOf(subject);
}

async function busyOf(busyKind: BusyKind, shape: RecordShape, looked: Looked, zone: () => string) {
  const changedAt: Instant | null = await timeOf('changed', shape.changed, looked, zone);
  const expiresAt = busyKind === 'hold' ? await timeOf('expires', shape.expires, looked, zone) : null;
  return { busyKind, expiresAt, changedAt };
}

const URL_CHARACTERS_MAX = 2_000;

type Report = (code: string, field: string) => void;

function attributeReader({ attributes }: RecordShape, map: (name: string) => CodeMap) {
  const codes = <Ours extends string>(
    field: 'eligibility' | 'reasons' | 'reorientation' | 'mode',
    allowed: readonly Ours[],
  ): ((looked: Looked, report: Report) => Promise<Ours[] | null>) => {
    const said = attributes[field];
    if (said === undefined) return async () => null;
    const table = map(said.map);
    return async (looked, report) =>
      translate(await codesOf(field, said.codes, looked), table, allowed, (code) => report(code, field));
  };
  const eligibility = codes('eligibility', ELIGIBILITIES);
  const reasons = codes('reasons', REASONS);
  const reorientation = codes('reorientation', REORIENTATIONS);
  const mode = codes('mode', MODES);
  return async (looked: Looked, zone: () => string, report: Report): Promise<SlotAttributes> => ({
    availableSince: await timeOf('availableSince', attributes.availableSince, looked, zone),
    eligibility: await eligibility(looked, report),
    reasons: await reasons(looked, report),
    reorientation: await reorientation(looked, report),
    mode: (await mode(looked, report))?.[0] ?? null,
    bookingUrl: await textOf('bookingUrl', attributes.bookingUrl, looked, URL_CHARACTERS_MAX),
  });
}
