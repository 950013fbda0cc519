import { HOUR, type Instant, instant, MINUTE, plus } from '../../src/domain/instant.ts';
import type { Interval } from '../../src/domain/interval.ts';
import type { Allotted, Policy } from '../../src/domain/schedule.ts';
import { scheduleOf } from '../support/clinic-configuration.ts';
import { type Evidence, isOurBlock, MARK, type Waiting, when } from './checker.ts';
import { CONNECTIONS, type ConnectionId, RVSQ, VENDOR, whoseTime } from './clinic.ts';
import { onOffer } from './offerings.ts';
import { roomOf } from './room.ts';

/** Where the doctors' time is allotted, by these shares: an hour each in turn, until half a day before. */
const rule = (ofVendor: number, ofRvsq: number): Allotted => ({
  mode: 'allotted',
  shares: { [VENDOR]: ofVendor, [RVSQ]: ofRvsq },
  unitMinutes: 60,
  pooledMillisecondsBefore: 12 * HOUR,
});
export const HALVES = rule(1, 1);
/** On most days the other has no hour in which it works, and is handed one. */
export const MOSTLY_VENDOR = rule(23, 1);
export const MOSTLY_RVSQ = rule(1, 23);
export const RULES = [HALVES, MOSTLY_VENDOR, MOSTLY_RVSQ] as const;

/** Whose turn each hour of a round is. The single one is in the midst of the others. */
const round = (id: ConnectionId, single: ConnectionId, at: number): ConnectionId[] =>
  Array.from({ length: 24 }, (_, index) => (index === at ? single : id));
const ROUNDS: ReadonlyMap<Policy['sharing'], readonly ConnectionId[]> = new Map<
  Policy['sharing'],
  readonly ConnectionId[]
>([
  [HALVES, [VENDOR, RVSQ]],
  [MOSTLY_VENDOR, round(VENDOR, RVSQ, 12)],
  [MOSTLY_RVSQ, round(RVSQ, VENDOR, 11)],
]);

/** What is pooled is opened soon after, not at the instant. */
const SOON_MILLISECONDS = 2 * MINUTE;
const MONTREAL = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'America/Toronto',
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
});

/** Slots of ours that are withheld stand on a platform as blocks; they are nobody's time. */
export const withheldIds = async ({ database }: Evidence): Promise<ReadonlySet<string>> =>
  new Set((await database.query<{ id: string }>('select id from slot')).map(({ id }) => `${MARK}${id}`));

/** Each free time is on offer at the platform that holds its hour, and at no other; once it is pooled, at all. */
export async function shares(evidence: Evidence, waiting: readonly Waiting[]): Promise<string[]> {
  if (evidence.sharing.mode !== 'allotted') return [];
  const { sites, now } = evidence;
  const holder = await holders(evidence);
  const isOnOffer = await onOffer(evidence);
  const ours = await withheldIds(evidence);
  return CONNECTIONS.flatMap((id) =>
    sites[id].agenda.calendars.flatMap(({ id: calendar, actor }) => {
      const { agenda } = sites[id];
      const hasRoom = roomOf(evidence, whoseTime(actor), waiting);
      const blocks = agenda
        .busy(calendar)
        .filter((busy) => isOurBlock(busy) && ours.has(busy.reference ?? ''));
      return agenda
        .slots(calendar)
        .filter(({ interval }) => interval.start > plus(now, MINUTE))
        .flatMap(({ interval }) => {
          const isWithheld = blocks.some(
            (block) => block.interval.start === interval.start && block.interval.end === interval.end,
          );
          const whose = holder(whoseTime(actor), interval);
          if (whose === 'soon') return [];
          const isItsOwn = whose === 'all' || whose === id;
          // What was sold elsewhere before it was to be opened is left closed.
          const isSold = whose !== 'all' && !hasRoom(interval);
          if (isItsOwn && isWithheld && !isSold && isOnOffer(whoseTime(actor), interval))
            return [`${id}: ${when(actor, interval)} is its own, and withheld`];
          if (!isItsOwn && agenda.isFree(calendar, interval))
            return [`${id}: ${when(actor, interval)} is on offer, and is ${whose}'s`];
          return [];
        });
    }),
  );
}

/** `soon`: it is being pooled about now. */
export type Holder = ConnectionId | 'all' | 'nobody' | 'soon';

/** Who may sell a time of an actor now. */
export async function holders({
  sharing,
  database,
  now,
}: Evidence): Promise<(actor: string, interval: Interval) => Holder> {
  if (sharing.mode !== 'allotted') return () => 'all';
  const rows = await database.query<{ schedule_id: string; unit: string; connection_id: string }>(
    'select * from allotment',
  );
  const handed = new Map(rows.map((row) => [`${row.schedule_id} ${row.unit}`, row.connection_id]));
  const dealt = dealer(sharing);
  return (actor, interval) =>
    holderOf(interval, now, (unit) => handed.get(`${scheduleOf(actor)} ${unit}`) ?? dealt(unit));
}

/** Full hours of Montréal are full hours of UTC. */
export const pooledAt = ({ end }: Interval): Instant =>
  instant(Math.floor((end - 1) / HOUR) * HOUR - HALVES.pooledMillisecondsBefore);

/** Every platform sells it since a while, so nobody can have been refused on another's account. */
export const isPooled = (interval: Interval, at: Instant): boolean =>
  plus(pooledAt(interval), SOON_MILLISECONDS) <= at;

/** Worked out anew, by the rule's text. */
function holderOf(interval: Interval, now: Instant, holds: (unit: string) => string | undefined): Holder {
  const hours = [...new Set([interval.start, plus(interval.end, -1)].map(hourOf))];
  const left = pooledAt(interval) - now;
  if (Math.abs(left) < SOON_MILLISECONDS) return 'soon';
  if (left < 0) return 'all';
  const holders = new Set(hours.map(holds));
  const [first] = holders;
  return holders.size === 1 && first !== undefined ? (first as ConnectionId) : 'nobody';
}

/** `2026-11-24T09:00` */
function hourOf(at: Instant): string {
  const parts = Object.fromEntries(MONTREAL.formatToParts(at).map(({ type, value }) => [type, value]));
  return `${parts['year']}-${parts['month']}-${parts['day']}T${parts['hour']}:00`;
}

/** Each day begins with another. */
const dealer =
  (sharing: Policy['sharing']) =>
  (hour: string): ConnectionId | undefined => {
    const turns = ROUNDS.get(sharing) ?? [];
    const day = Date.UTC(Number(hour.slice(0, 4)), Number(hour.slice(5, 7)) - 1, Number(hour.slice(8, 10)));
    return turns[(day / (24 * HOUR) + Number(hour.slice(11, 13))) % turns.length];
  };

/** What there is still to be written about it changes by itself when an hour is pooled or handed on. */
export async function changesHands({
  sharing,
  database,
  now: since,
}: Evidence): Promise<(now: Instant) => Promise<boolean>> {
  if (sharing.mode !== 'allotted') return async () => false;
  const count = async (): Promise<number> =>
    (await database.query<{ n: number }>('select count(*)::integer as n from allotment'))[0]?.n ?? 0;
  const before = await count();
  const hour = (at: Instant): number => Math.floor(at / HOUR);
  return async (now) => (await count()) !== before || hour(now) !== hour(plus(since, -SOON_MILLISECONDS));
}
