import type { Explanation } from './explain.ts';
import { itemsOf, mappingOf, numberOf, type RawItem, textOf } from './raw.ts';

/** Rules of a schedule that contradict each other, or the connections that its time is read from. */

const HORIZON_DAYS_DEFAULT = 28;
const POLL_SECONDS_DEFAULT = 30;

export function checkPolicies(root: RawItem): readonly Explanation[] {
  return itemsOf(root, 'schedules').flatMap((schedule) => {
    const policy = mappingOf(schedule, 'policy');
    if (policy === null) return [];
    const connections = connectionsOf(root, textOf(schedule, 'id'));
    return [...release(policy, connections), ...freshness(policy, connections)];
  });
}

/** Those with a calendar of the schedule. */
const connectionsOf = (root: RawItem, scheduleId: string | null): readonly RawItem[] =>
  itemsOf(root, 'connections').filter((connection) =>
    itemsOf(connection, 'calendars').some((calendar) => textOf(calendar, 'schedule') === scheduleId),
  );

/** A limit that ends before the slot is released leaves no moment for what it limits. */
function release(policy: RawItem, connections: readonly RawItem[]): Explanation[] {
  const rule = mappingOf(policy, 'release');
  const lead = rule && leadOf(rule);
  if (!lead) return [];
  const faults: Explanation[] = [];
  const horizon = Math.max(
    0,
    ...connections.map((connection) => numberOf(connection, 'horizonDays') ?? HORIZON_DAYS_DEFAULT),
  );
  if (connections.length > 0 && lead.hoursAtLeast > horizon * 24) {
    const message = `is more than the ${horizon} days that are read ahead (horizonDays), so it would change nothing`;
    faults.push({ path: lead.path, at: 'value', message });
  }
  for (const [key, what] of [
    ['cancellation', 'what is booked through Passerelle could never be cancelled'],
    ['failover', 'nothing could ever be accepted'],
  ] as const) {
    const limited = mappingOf(policy, key);
    const hours = limited && numberOf(limited, 'untilHoursBefore');
    if (limited && hours !== null && hours >= lead.hoursAtMost) {
      const message = `ends before the slots are released, so ${what}: write less than ${lead.hoursAtMost}`;
      faults.push({ path: [...limited.path, 'untilHoursBefore'], at: 'value', message });
    }
  }
  return faults;
}

/** As of a connection: two readings must fit in, of each that its slots are read from. */
function freshness(policy: RawItem, connections: readonly RawItem[]): Explanation[] {
  const minutes = numberOf(policy, 'freshnessMinutes');
  if (minutes === null) return [];
  const slowest = Math.max(
    0,
    ...connections.map((connection) => numberOf(connection, 'pollSeconds') ?? POLL_SECONDS_DEFAULT),
  );
  if (minutes * 60 >= 2 * slowest) return [];
  const least = Math.ceil(slowest / 3) / 10;
  const message = `is too short for a connection that is read every ${slowest} s: write at least ${least}, or lower its pollSeconds`;
  return [{ path: [...policy.path, 'freshnessMinutes'], at: 'value', message }];
}

/** How long before its start a slot is released: at a midnight that depends on its hour, and on the clocks. */
function leadOf(rule: RawItem) {
  const hours = numberOf(rule, 'hoursBefore');
  if (hours !== null) return { path: [...rule.path, 'hoursBefore'], hoursAtLeast: hours, hoursAtMost: hours };
  const midnight = mappingOf(rule, 'atMidnight');
  const days = midnight && numberOf(midnight, 'daysBefore');
  if (!midnight || days === null) return null;
  const path = [...midnight.path, 'daysBefore'];
  return { path, hoursAtLeast: days * 24, hoursAtMost: (days + 1) * 24 + 1 };
}
