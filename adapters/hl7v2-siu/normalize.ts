import type { News } from '../../src/adapter/contract.ts';
import {
  type Mark,
  markOf,
  type Observation,
  type Rejected,
  subjectOf,
} from '../../src/adapter/observation.ts';
import { storableText } from '../../src/adapter/texts.ts';
import { DAY, HOUR, type Instant, plus } from '../../src/domain/instant.ts';
import type { Interval } from '../../src/domain/interval.ts';
import type { Message, Segment } from './message.ts';
import { readDuration, readTime } from './time.ts';

/** SIU messages as what stands in an agenda. PID and all else that names a patient is not looked at. */

/** The namespace of our ids among the placer's (SCH-1.2). */
export const NAMESPACE = 'PASSERELLE';

/** Where a segment of a resource names it, and has its time (HL7 v2.5.1, chapter 10, sections 10.6.4 to 10.6.7). */
const FIELDS = {
  AIG: { id: 3, start: 8, duration: 11, unit: 12 },
  AIL: { id: 3, start: 6, duration: 9, unit: 10 },
  AIP: { id: 3, start: 6, duration: 9, unit: 10 },
} as const;
export type Resource = keyof typeof FIELDS;
const AIS = { start: 4, duration: 7, unit: 8 };

/** A whole local day, on the night that has an hour more. What is longer has its duration in the wrong unit. */
const APPOINTMENT_MILLISECONDS_MAX = 25 * HOUR;
const BLOCK_MILLISECONDS_MAX = 31 * DAY;

type Payload = Extract<News, { outcome: 'payload' }>;

const Id = storableText(200);

/** Events after which the appointment, or the closed time, stands as the message says. S26: a patient who did not come opens no time. */
const STANDS = ['S12', 'S13', 'S14', 'S23', 'S26'];
/** They may give other resources than before. */
const MOVES = ['S13', 'S14'];
/** S15 cancelled, S17 deleted, S24 opened again. */
const ENDS = ['S15', 'S17', 'S24'];

export const isTaken = (event: string): boolean => STANDS.includes(event) || ENDS.includes(event);

export type Options = {
  readonly resources: readonly Resource[];
  /** Null = no calendar of this connection. */
  readonly zoneOf: (calendar: string) => string | null;
};

/** The ids of SCH-1 (placer) and SCH-2 (filler) as one: ours by the placer's, every other by the filler's where it has one. */
export function identityOf(
  schedule: Segment,
): { readonly externalId: string; readonly mark: Mark | null } | null {
  const [placer, filler] = [schedule.get(1), schedule.get(2)];
  const mark = schedule.get(1, 2) === NAMESPACE ? markOf(placer) : null;
  if (mark !== null && subjectOf(mark) !== null) return { externalId: mark, mark };
  const externalId = filler !== '' ? filler : placer !== '' ? `placer:${placer}` : '';
  return externalId !== '' && Id.safeParse(externalId).success ? { externalId, mark: null } : null;
}

export function normalize(message: Message, options: Options): Payload {
  const event = message.header.get(9, 2);
  const schedule = message.segments.find(({ name }) => name === 'SCH');
  const identity = schedule ? identityOf(schedule) : null;
  const reject = (reason: string): Payload => ({
    outcome: 'payload',
    rows: [],
    removed: [],
    rejected: [{ externalId: identity?.externalId ?? null, reason, raw: message.text }],
  });
  if (!schedule) return reject('SCH: missing');
  if (!identity) return reject('SCH-1 and SCH-2: no id that can be kept');
  const named = resourcesIn(message, options);
  const idOf = (index: number, calendar: string): string =>
    index === 0 ? identity.externalId : `${identity.externalId}#${calendar}`;
  const removal = (externalId: string) => ({ kind: 'busy' as const, externalId, sequence: null });
  if (ENDS.includes(event)) {
    const others = named.length > 1 ? named.map(({ calendar }) => idOf(1, calendar)) : [];
    const ids = [identity.externalId, ...others];
    return { outcome: 'payload', rows: [], removed: ids.map(removal), rejected: [] };
  }
  const rows: Observation[] = [];
  const rejected: Rejected[] = [];
  const isBlock = event === 'S23' || schedule.get(25).toLowerCase() === 'blocked';
  const longest = isBlock ? BLOCK_MILLISECONDS_MAX : APPOINTMENT_MILLISECONDS_MAX;
  for (const [index, { calendar, zone, segment, service }] of named.entries()) {
    const externalId = idOf(index, calendar);
    const time = timeOf(message, { segment, service, schedule, zone, longest });
    if (!time.interval) {
      rejected.push({
        externalId,
        reason: `${segment.name}: no source gives a start and an end`,
        raw: message.text,
      });
      continue;
    }
    for (const reason of time.contradictions) rejected.push({ externalId, reason, raw: message.text });
    rows.push({
      kind: 'busy',
      busyKind: isBlock ? 'block' : 'appointment',
      externalId,
      calendar,
      interval: time.interval,
      mark: identity.mark,
      revision: null,
      sequence: null,
      expiresAt: null,
      changedAt: readTime(message.header.get(7), zone),
    });
  }
  // The first resource has the id alone: moved here, it may have been another before.
  const [first] = named;
  const removed = first && rows.length > 0 && MOVES.includes(event) ? [removal(idOf(1, first.calendar))] : [];
  return { outcome: 'payload', rows, removed, rejected };
}

type Named = {
  readonly calendar: string;
  readonly zone: string;
  readonly segment: Segment;
  /** AIS of its group (RGS). */
  readonly service: Segment | null;
};

/** The resources that are calendars of this connection, each once, but those that are taken away (segment action code D). */
function resourcesIn({ segments }: Message, { resources, zoneOf }: Options): Named[] {
  const found = new Map<string, Named>();
  let service: Segment | null = null;
  for (const segment of segments) {
    if (segment.name === 'RGS') service = null;
    if (segment.name === 'AIS') service = segment;
    const resource = resources.find((each) => each === segment.name);
    if (!resource || segment.get(2) === 'D') continue;
    const calendar = segment.get(FIELDS[resource].id);
    const zone = calendar === '' ? null : zoneOf(calendar);
    if (zone !== null && !found.has(calendar)) found.set(calendar, { calendar, zone, segment, service });
  }
  return [...found.values()];
}

type Source = {
  readonly name: string;
  readonly start: Instant | null;
  readonly end: Instant | null;
  readonly duration: number | null;
};

type Places = Pick<Named, 'segment' | 'service' | 'zone'> & {
  readonly schedule: Segment;
  /** Milliseconds. */
  readonly longest: number;
};

/**
 * From the resource itself, the service of its group, TQ1, SCH: the first that has a start, and the first end after it
 * that is not of a source with another start. Where another names another start, that is said.
 */
function timeOf(message: Message, { segment, service, schedule, zone, longest }: Places) {
  const timing = message.segments.find(({ name }) => name === 'TQ1');
  const from = (
    each: Segment,
    start: readonly number[],
    end: readonly number[],
    duration: readonly number[],
  ): Source => ({
    name: each.name,
    start: readTime(each.get(start[0] ?? 0, start[1]), zone),
    end: readTime(each.get(end[0] ?? 0, end[1]), zone),
    duration: readDuration(each.get(duration[0] ?? 0), each.get(duration[1] ?? 0)),
  });
  const resource = FIELDS[segment.name as Resource];
  const sources = [
    from(segment, [resource.start], [], [resource.duration, resource.unit]),
    ...(service ? [from(service, [AIS.start], [], [AIS.duration, AIS.unit])] : []),
    ...(timing ? [from(timing, [7], [8], [])] : []),
    from(schedule, [11, 4], [11, 5], [9, 10]),
  ];
  const chosen = sources.find(({ start }) => start !== null);
  const start = chosen?.start ?? null;
  if (!chosen || start === null) return { interval: null, contradictions: [] };
  const ends = sources
    .filter((each) => each.start === null || each.start === start)
    .flatMap(({ end, duration }) => [end, duration === null ? null : plus(start, duration)]);
  const end = ends.find((each) => each !== null && each > start && each - start <= longest) ?? null;
  const contradictions = sources
    .filter((each) => each.start !== null && each.start !== start)
    .map(({ name }) => `${name}: another start than ${chosen.name}, which was used`);
  const interval: Interval | null = end === null ? null : { start, end };
  return { interval, contradictions };
}
