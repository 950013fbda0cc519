import { type Instant, MINUTE, plus } from '../../src/domain/instant.ts';
import type { Interval } from '../../src/domain/interval.ts';
import { ON_OFFER } from '../../src/domain/offering.ts';
import { type Evidence, isOurBlock, when } from './checker.ts';
import { CONNECTIONS, scheduleOf, whoseTime } from './clinic.ts';
import { withheldIds } from './shares.ts';

/** What a schedule has not on offer nobody can book, on any platform or through our API; nothing else is closed for it. */

type Row = {
  readonly schedule_id: string;
  readonly active: boolean;
  readonly start_ms: Instant | null;
  readonly end_ms: Instant | null;
};

type Bounds = Pick<Row, 'active' | 'start_ms' | 'end_ms'>;

const contains = ({ active, start_ms, end_ms }: Bounds, { start, end }: Interval): boolean =>
  active && start >= (start_ms ?? Number.NEGATIVE_INFINITY) && end <= (end_ms ?? Number.POSITIVE_INFINITY);

/** Whether an actor's time is on offer, as things stand. */
export async function onOffer({
  database,
}: Pick<Evidence, 'database'>): Promise<(actor: string, interval: Interval) => boolean> {
  const rows = await database.query<Row>('select schedule_id, active, start_ms, end_ms from offering');
  return (actor, interval) => {
    const row = rows.find(({ schedule_id }) => schedule_id === scheduleOf(actor));
    return row === undefined || contains(row, interval);
  };
}

export async function offerings(evidence: Evidence): Promise<string[]> {
  return [...(await closed(evidence)), ...(await kept(evidence)), ...(await claimed(evidence))];
}

async function closed(evidence: Evidence): Promise<string[]> {
  const { sites, now, sharing } = evidence;
  const isOnOffer = await onOffer(evidence);
  const ours = await withheldIds(evidence);
  return CONNECTIONS.flatMap((id) => {
    const { agenda } = sites[id];
    return agenda.calendars.flatMap(({ id: calendar, actor }) => {
      const blocks = agenda
        .busy(calendar)
        .filter((busy) => isOurBlock(busy) && ours.has(busy.reference ?? ''))
        .filter(({ interval }) => interval.start > plus(now, MINUTE));
      const open = agenda
        .slots(calendar)
        .filter(({ interval }) => interval.start > plus(now, MINUTE))
        .filter(({ interval }) => !isOnOffer(whoseTime(actor), interval))
        .filter(({ interval }) => agenda.isFree(calendar, interval));
      // Where time is allotted it may be another's to sell (shares.ts).
      const groundless =
        sharing.mode === 'allotted'
          ? []
          : blocks.filter(({ interval }) => isOnOffer(whoseTime(actor), interval));
      return [
        ...open.map(({ interval }) => `${id}: ${when(actor, interval)} can be booked, and is off offer`),
        ...groundless.map(({ interval }) => `${id}: ${when(actor, interval)} is on offer, and withheld`),
      ];
    });
  });
}

/** What was answered as done is so, where nobody asked for anything else after it. */
async function kept({ plans, database }: Evidence): Promise<string[]> {
  const rows = await database.query<Row>('select schedule_id, active, start_ms, end_ms from offering');
  const last = new Map(plans.map((plan) => [plan.scheduleId, plan]));
  return [...last.values()].flatMap(({ scheduleId, offering: { active, start, end }, outcome }) => {
    const row = rows.find(({ schedule_id }) => schedule_id === scheduleId);
    // To put on offer what nobody ever took off writes nothing.
    const now = row ? { active: row.active, start: row.start_ms, end: row.end_ms } : ON_OFFER;
    const isKept = now.active === active && now.start === start && now.end === end;
    return outcome === 'done' && !isKept ? [`${scheduleId} is not on offer as was answered`] : [];
  });
}

type Logged = Bounds & {
  readonly type: string;
  readonly subject_id: string | null;
  readonly schedule_id: string;
  readonly from_ms: Instant;
  readonly to_ms: Instant;
};

/** At no moment of the run: the log has each in its turn. What was held before was promised. */
async function claimed({ database }: Evidence): Promise<string[]> {
  const events = await database.query<Logged>(
    `select type, subject_id, data->>'scheduleId' as schedule_id, (data->>'active')::boolean as active,
       (data->>'start')::bigint as start_ms, (data->>'end')::bigint as end_ms,
       (data->'interval'->>'start')::bigint as from_ms, (data->'interval'->>'end')::bigint as to_ms
     from event where type in ('schedule.offered', 'appointment.claimed') order by id`,
  );
  const offered = new Map<string, Bounds>();
  const seen = new Set<string | null>();
  const wrong: string[] = [];
  for (const event of events) {
    if (event.type === 'schedule.offered') {
      offered.set(event.schedule_id, event);
      continue;
    }
    const bounds = offered.get(event.schedule_id);
    const interval = { start: event.from_ms, end: event.to_ms };
    if (bounds && !contains(bounds, interval) && !seen.has(event.subject_id))
      wrong.push(`claimed though it was off offer: ${when(event.schedule_id, interval)}`);
    seen.add(event.subject_id);
  }
  return wrong;
}
