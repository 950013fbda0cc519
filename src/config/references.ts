import type { InstalledAdapter } from '../adapter/isolated.ts';
import { isZone } from '../adapter/zone.ts';
import { CONNECTION_DEFAULTS } from './document.ts';
import type { Explanation } from './explain.ts';
import { usualFreshness } from './freshness.ts';
import { suggestion, suggestionInFrench } from './nearest.ts';
import { itemsOf, numberOf, type RawItem, textOf } from './raw.ts';

/** What no single value shows: ids that repeat, ids that name nothing, values that contradict each other. */
export function checkReferences(
  root: RawItem,
  adapters: ReadonlyMap<string, InstalledAdapter>,
): readonly Explanation[] {
  const connections = itemsOf(root, 'connections');
  return [
    ...['locations', 'services', 'practitioners', 'schedules', 'connections'].flatMap((key) =>
      unique(itemsOf(root, key), 'id'),
    ),
    ...itemsOf(root, 'locations').flatMap(zone),
    ...itemsOf(root, 'schedules').flatMap((schedule) => [
      ...reference(schedule, 'practitioner', root, 'practitioners'),
      ...reference(schedule, 'location', root, 'locations'),
      ...reference(schedule, 'service', root, 'services'),
    ]),
    ...oneAgenda(connections, adapters),
    ...connections.flatMap((connection) => [
      ...freshness(connection, adapters),
      ...unique(itemsOf(connection, 'calendars'), 'id'),
      ...itemsOf(connection, 'calendars').flatMap((calendar) => [
        ...reference(calendar, 'schedule', root, 'schedules'),
        ...topology(calendar, adapters.get(textOf(connection, 'platform') ?? '')),
      ]),
    ]),
  ];
}

const idsOf = (items: readonly RawItem[]): string[] => items.flatMap((item) => textOf(item, 'id') ?? []);

function unique(items: readonly RawItem[], key: string): Explanation[] {
  const seen = new Set<string>();
  return items.flatMap((item) => {
    const value = textOf(item, key);
    if (value === null) return [];
    if (!seen.has(value)) {
      seen.add(value);
      return [];
    }
    const message = `"${value}" is here twice: each must have an id of its own`;
    return [wrong(item, key, message, `« ${value} » y est deux fois : chacun doit avoir son identifiant`)];
  });
}

function reference(item: RawItem, key: string, root: RawItem, list: string): Explanation[] {
  const value = textOf(item, key);
  const known = idsOf(itemsOf(root, list));
  if (value === null || known.includes(value)) return [];
  const message = `no "${value}" under ${list}${suggestion(value, known)}`;
  return [wrong(item, key, message, `pas de « ${value} » sous ${list}${suggestionInFrench(value, known)}`)];
}

function zone(location: RawItem): Explanation[] {
  const name = textOf(location, 'timeZone');
  // A bare offset is a zone to Temporal, but one without daylight saving, so hardly what a clinic means.
  if (name === null || (isZone(name) && !/^[+-]/.test(name))) return [];
  const meant = suggestion(name, Intl.supportedValuesOf('timeZone'));
  const hint = meant.startsWith('; did') ? meant : '; write one such as America/Toronto';
  return [wrong(location, 'timeZone', `"${name}" is no IANA time zone${hint}`)];
}

/** Two readings must fit in, or slots would go stale between two readings that went well. */
function freshness(connection: RawItem, adapters: ReadonlyMap<string, InstalledAdapter>): Explanation[] {
  const poll = numberOf(connection, 'pollSeconds') ?? CONNECTION_DEFAULTS.pollSeconds;
  const adapter = adapters.get(textOf(connection, 'platform') ?? '');
  const minutes = numberOf(connection, 'freshnessMinutes') ?? usualFreshness(adapter?.manifest.capabilities);
  if (minutes * 60 >= 2 * poll) return [];
  const least = Math.ceil(poll / 3) / 10;
  return [
    wrong(
      connection,
      'freshnessMinutes',
      `is too short for readings every ${poll} s: write at least ${least}, or lower pollSeconds`,
      `est trop court pour des lectures toutes les ${poll} s : mettez au moins ${least}, ou lisez plus souvent`,
    ),
  ];
}

function topology(calendar: RawItem, adapter: InstalledAdapter | undefined): Explanation[] {
  const written = textOf(calendar, 'topology');
  if (written === null || adapter === undefined) return [];
  const { operations, shifts = false } = adapter.manifest.capabilities;
  const isRoster = written === 'shifts';
  if (isRoster !== shifts) {
    const { en, fr } = adapter.manifest.title;
    const [message, french] = shifts
      ? [`${en} has shifts and nothing else: write shifts`, `${fr} n’a que des quarts : écrivez shifts`]
      : [`${en} has no shifts: write block or publish`, `${fr} n’a pas de quarts : écrivez block ou publish`];
    return [wrong(calendar, 'topology', message, french)];
  }
  if (written !== 'publish') return [];
  if (operations.includes('publish') && operations.includes('withdraw')) return [];
  const { en, fr } = adapter.manifest.title;
  return [
    wrong(
      calendar,
      'topology',
      `${en} takes no slots: write block`,
      `${fr} ne prend pas de plages : écrivez block`,
    ),
  ];
}

/** A slot that is written for a schedule must have one place to be in. */
function oneAgenda(
  connections: readonly RawItem[],
  adapters: ReadonlyMap<string, InstalledAdapter>,
): Explanation[] {
  const seen = new Set<string>();
  return connections
    .filter((connection) => {
      const adapter = adapters.get(textOf(connection, 'platform') ?? '');
      return adapter?.manifest.capabilities.agenda === 'here';
    })
    .flatMap((connection) => itemsOf(connection, 'calendars'))
    .flatMap((calendar) => {
      const schedule = textOf(calendar, 'schedule');
      if (schedule === null) return [];
      if (seen.has(schedule))
        return [wrong(calendar, 'schedule', `"${schedule}" has an agenda of ours already: one is enough`)];
      seen.add(schedule);
      return [];
    });
}

const wrong = (item: RawItem, key: string, message: string, french?: string): Explanation => ({
  path: [...item.path, key],
  at: 'value',
  message,
  ...(french === undefined ? {} : { french }),
});
