import type { InstalledAdapter } from '../adapter/isolated.ts';
import { CONNECTION_DEFAULTS } from './document.ts';
import type { Explanation } from './explain.ts';
import { usualFreshness } from './freshness.ts';
import { itemsOf, mappingOf, numberOf, type RawItem, textOf } from './raw.ts';

/** Rules of a schedule that contradict each other, or the connections that its time is read from. */

export function checkPolicies(
  root: RawItem,
  adapters: ReadonlyMap<string, InstalledAdapter>,
): readonly Explanation[] {
  return itemsOf(root, 'schedules').flatMap((schedule) => {
    const policy = mappingOf(schedule, 'policy');
    if (policy === null) return [];
    const connections = connectionsOf(root, textOf(schedule, 'id'));
    return [...release(policy, connections), ...freshness(policy, connections, adapters)];
  });
}

/** Those with a calendar of the schedule that shows its time; a roster sells nothing, and nothing is read from it of it. */
export const connectionsOf = (root: RawItem, scheduleId: string | null): readonly RawItem[] =>
  itemsOf(root, 'connections').filter((connection) =>
    itemsOf(connection, 'calendars').some(
      (calendar) => textOf(calendar, 'schedule') === scheduleId && textOf(calendar, 'topology') !== 'shifts',
    ),
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

/** Days; the most of them. */
export const horizonOf = (connections: readonly RawItem[]): number =>
  Math.max(
    0,
    ...connections.map(
      (connection) => numberOf(connection, 'horizonDays') ?? CONNECTION_DEFAULTS.horizonDays,
    ),
  );

/** As of a connection: two readings must fit in, of each that its slots are read from. It can only be stricter. */
function freshness(
  policy: RawItem,
  connections: readonly RawItem[],
  adapters: ReadonlyMap<string, InstalledAdapter>,
): Explanation[] {
  const minutes = numberOf(policy, 'freshnessMinutes');
  if (minutes === null || connections.length === 0) return [];
  const usual = (connection: RawItem): number =>
    usualFreshness(adapters.get(textOf(connection, 'platform') ?? '')?.manifest.capabilities);
  const most = (key: string, usually: (connection: RawItem) => number): number =>
    Math.max(...connections.map((connection) => numberOf(connection, key) ?? usually(connection)));
  const path = [...policy.path, 'freshnessMinutes'];
  const slowest = most('pollSeconds', () => CONNECTION_DEFAULTS.pollSeconds);
  const loosest = most('freshnessMinutes', usual);
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
export function leadOf(rule: RawItem) {
  const hours = numberOf(rule, 'hoursBefore');
  if (hours !== null) {
    const path = [...rule.path, 'hoursBefore'];
    return { path, hoursAtLeast: hours, hoursAtMost: hours, hoursOfLatest: hours };
  }
  const midnight = mappingOf(rule, 'atMidnight');
  const days = midnight && numberOf(midnight, 'daysBefore');
  if (!midnight || days === null) return null;
  const hoursOfLatest = (days + 1) * 24;
  return {
    path: [...midnight.path, 'daysBefore'],
    hoursAtLeast: days * 24,
    /** Where clocks go back meanwhile. */
    hoursAtMost: hoursOfLatest + 1,
    /** The last slot of a day; each other has less. */
    hoursOfLatest,
  };
}
