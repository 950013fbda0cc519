import type { OperationName } from '../adapter/contract.ts';
import type { InstalledAdapter } from '../adapter/isolated.ts';
import type { Explanation } from './explain.ts';
import { suggestion } from './nearest.ts';
import { connectionsOf, horizonOf, leadOf } from './policy-checks.ts';
import { itemsOf, mappingOf, numberOf, type RawItem, textOf } from './raw.ts';

/** What sharing needs of the platforms of a schedule, and of its other rules. */

/** To be closed for what is another's, and opened again; what is fed is withdrawn, which its topology asks for. */
const NEEDED: readonly OperationName[] = ['block', 'unblock'];

type Adapters = ReadonlyMap<string, InstalledAdapter>;

export function checkSharing(root: RawItem, adapters: Adapters): readonly Explanation[] {
  return itemsOf(root, 'schedules').flatMap((schedule) => {
    const policy = mappingOf(schedule, 'policy');
    if (policy === null) return [];
    if (textOf(policy, 'sharing') === 'hold-first')
      return closedFirst(policy, practitionersConnections(root, schedule), adapters);
    const sharing = mappingOf(policy, 'sharing');
    const shares = sharing && mappingOf(sharing, 'shares');
    if (!sharing || !shares) return [];
    const id = textOf(schedule, 'id');
    const connections = connectionsOf(root, id);
    return [
      ...dealt(shares, connections),
      ...pooled(sharing, connections),
      ...released(policy, sharing, connections.filter(sells(shares, id, 'publish'))),
      ...closed(shares, connections.filter(sells(shares, id, 'block')), adapters),
    ];
  });
}

/** Those that all share the practitioner's time, on whatever schedule, with slots of their own. */
function practitionersConnections(root: RawItem, schedule: RawItem): readonly RawItem[] {
  const practitioner = textOf(schedule, 'practitioner');
  const ids = itemsOf(root, 'schedules')
    .filter((each) => textOf(each, 'practitioner') === practitioner)
    .map((each) => textOf(each, 'id'));
  return itemsOf(root, 'connections').filter((connection) => ids.some((id) => has(connection, id, 'block')));
}

const has = (connection: RawItem, scheduleId: string | null, topology: string): boolean =>
  itemsOf(connection, 'calendars').some(
    (calendar) => textOf(calendar, 'schedule') === scheduleId && textOf(calendar, 'topology') === topology,
  );

const sells =
  (shares: RawItem, scheduleId: string | null, topology: string) =>
  (connection: RawItem): boolean =>
    Object.hasOwn(shares.fields, idOf(connection)) && has(connection, scheduleId, topology);

const idOf = (connection: RawItem): string => textOf(connection, 'id') ?? '';

/** Time is dealt to platforms that have it, and to two at the least. */
function dealt(shares: RawItem, connections: readonly RawItem[]): Explanation[] {
  const known = connections.map(idOf);
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
  return faults;
}

/** And for a while before it is pooled. */
function pooled(sharing: RawItem, connections: readonly RawItem[]): Explanation[] {
  const hours = numberOf(sharing, 'pooledHoursBefore');
  const horizon = horizonOf(connections);
  if (hours === null || connections.length === 0 || hours < horizon * 24) return [];
  const message = `is no less than the ${horizon} days that are read ahead (horizonDays), so nothing would be allotted`;
  return [{ path: [...sharing.path, 'pooledHoursBefore'], at: 'value', message }];
}

/**
 * What is published is on offer from its release on, and its platform's alone until it is pooled. Slots of a platform's
 * own are sold there whatever the release. @param fed those with a share that are published to.
 */
function released(policy: RawItem, sharing: RawItem, fed: readonly RawItem[]): Explanation[] {
  const rule = mappingOf(policy, 'release');
  const lead = rule && leadOf(rule);
  const hours = numberOf(sharing, 'pooledHoursBefore');
  if (!lead || hours === null || fed.length === 0 || hours < lead.hoursOfLatest) return [];
  const least =
    lead.path.at(-1) === 'daysBefore' ? `at least ${Math.ceil(hours / 24)}` : `more than ${hours}`;
  const message = `is no sooner than all is pooled (pooledHoursBefore: ${hours}), so ${fed.map(idOf).join(' and ')} would never have its share to itself: write ${least}, or lower pooledHoursBefore`;
  return [{ path: lead.path, at: 'value', message }];
}

/** @param own those with a share that have slots of their own. */
function closed(shares: RawItem, own: readonly RawItem[], adapters: Adapters): Explanation[] {
  return own.flatMap((connection) => {
    const lacks = lackOf(connection, adapters);
    if (lacks === null) return [];
    const message = `${lacks}, so what is another’s could not be closed there, and would be on offer nowhere: leave it out, or write sharing: shared`;
    return [{ path: [...shares.path, idOf(connection)], at: 'key', message }];
  });
}

/** Of one alone nothing is sold elsewhere, so nothing is to be closed on it. */
function closedFirst(policy: RawItem, own: readonly RawItem[], adapters: Adapters): Explanation[] {
  if (own.length < 2) return [];
  return own.flatMap((connection) => {
    const lacks = lackOf(connection, adapters);
    if (lacks === null) return [];
    const message = `${lacks}, so ${idOf(connection)} could not be closed before another is asked: write shared`;
    return [{ path: [...policy.path, 'sharing'], at: 'value', message }];
  });
}

function lackOf(connection: RawItem, adapters: Adapters): string | null {
  const manifest = adapters.get(textOf(connection, 'platform') ?? '')?.manifest;
  const missing = manifest ? NEEDED.filter((name) => !manifest.capabilities.operations.includes(name)) : [];
  return manifest && missing.length > 0 ? `${manifest.title.en} offers no ${missing.join(' and no ')}` : null;
}
