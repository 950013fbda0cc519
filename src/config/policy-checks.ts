import { CONNECTION_DEFAULTS } from './document.ts';
import type { Explanation } from './explain.ts';
import { suggestion } from './nearest.ts';
import { itemsOf, mappingOf, numberOf, type RawItem, textOf } from './raw.ts';

/** Rules of a schedule that contradict each other, or the connections that its time is read from. */

export function checkPolicies(root: RawItem): readonly Explanation[] {
  return itemsOf(root, 'schedules').flatMap((schedule) => {
    const policy = mappingOf(schedule, 'policy');
    if (policy === null) return [];
    const connections = connectionsOf(root, textOf(schedule, 'id'));
    return [
      ...release(policy, connections),
      ...freshness(policy, connections),
      ...allotted(policy, connections),
    ];
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
  const horizon = horizonOf(connections);
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

const horizonOf = (connections: readonly RawItem[]): number =>
  Math.max(
    0,
    ...connections.map(
      (connection) => numberOf(connection, 'horizonDays') ?? CONNECTION_DEFAULTS.horizonDays,
    ),
  );

/** Time is dealt to platforms that have it, to two at the least, and for a while before it is pooled. */
function allotted(policy: RawItem, connections: readonly RawItem[]): Explanation[] {
  const sharing = mappingOf(policy, 'sharing');
  const shares = sharing && mappingOf(sharing, 'shares');
  if (!sharing || !shares) return [];
  const known = connections.flatMap((connection) => textOf(connection, 'id') ?? []);
  const named = Object.keys(shares.fields);
  const faults: Explanation[] = named
    .filter((id) => !known.includes(id))
    .map((id) => ({
      path: [...shares.path, id],
      at: 'key',
      message: `"${id}" is no connection with a calendar of this schedule${suggestion(id, known)}`,
    }));
  if (named.length < 2) {
    const message = 'must name two connections at the least: what one has alone is nobody else’s';
    faults.push({ path: shares.path, at: 'value', message });
  }
  const hours = numberOf(sharing, 'pooledHoursBefore');
  const horizon = horizonOf(connections);
  if (hours !== null && connections.length > 0 && hours >= horizon * 24) {
    const message = `is no less than the ${horizon} days that are read ahead (horizonDays), so nothing would be allotted`;
    faults.push({ path: [...sharing.path, 'pooledHoursBefore'], at: 'value', message });
  }
  return faults;
}

/** As of a connection: two readings must fit in, of each that its slots are read from. It can only be stricter. */
function freshness(policy: RawItem, connections: readonly RawItem[]): Explanation[] {
  const minutes = numberOf(policy, 'freshnessMinutes');
  if (minutes === null || connections.length === 0) return [];
  const most = (key: keyof typeof CONNECTION_DEFAULTS): number =>
    Math.max(...connections.map((connection) => numberOf(connection, key) ?? CONNECTION_DEFAULTS[key]));
  const path = [...policy.path, 'freshnessMinutes'];
  const [slowest, loosest] = [most('pollSeconds'), most('freshnessMinutes')];
  if (minutes * 60 < 2 * slowest) {
    const least = Math.ceil(slowest / 3) / 10;
    const message = `is too short for a connection that is read every ${slowest} s: write at least ${least}, or lower its pollSeconds`;
    return [{ path, at: 'value', message }];
  }
  if (minutes <= loosest) return [];
  const message = `is more than the ${loosest} minutes of its connections (freshnessMinutes), so it would change nothing: write less, or raise theirs`;
  return [{ path, at: 'value', message }];
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
