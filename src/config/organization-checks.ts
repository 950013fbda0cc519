import { LISTS } from './document.ts';
import type { Explanation } from './explain.ts';
import { suggestion } from './nearest.ts';
import { itemsOf, mappingOf, type RawItem, textOf } from './raw.ts';

/** Whose is what, where there are several organizations: a doctor's time and a platform's access are one organization's. */
export function checkOrganizations(root: RawItem): readonly Explanation[] {
  const all = itemsOf(root, 'organizations');
  const sole = mappingOf(root, 'organization');
  if (sole && all.length > 0) {
    return [{ path: ['organization'], at: 'key', message: 'write organization or organizations, not both' }];
  }
  if (!sole && all.length === 0 && !Array.isArray(root.fields['organizations']) && !hasNothing(root)) {
    return [{ path: [], at: 'value', message: 'needs organization: the clinic, with its id and its name' }];
  }
  const ids = (sole ? [sole] : all).flatMap((each) => textOf(each, 'id') ?? []);
  return [
    ...repeated(all),
    ...itemsOf(root, 'locations').flatMap((location) => ofOne(location, ids)),
    ...callersOf(root).flatMap((caller) => ofKnown(caller, ids)),
    ...shared(root, ids),
  ];
}

/** Nothing is anybody's as long as there is nothing. */
const hasNothing = (root: RawItem): boolean =>
  LISTS.every((name) => {
    const list = root.fields[name] ?? [];
    return Array.isArray(list) && list.length === 0;
  });

function repeated(all: readonly RawItem[]): Explanation[] {
  const seen = new Set<string>();
  return all.flatMap((each) => {
    const id = textOf(each, 'id');
    if (id === null) return [];
    if (seen.has(id)) return [wrong(each, 'id', `"${id}" is here twice: each must have an id of its own`)];
    seen.add(id);
    return [];
  });
}

/** Programs, authorization servers, and people that a provider signs in. */
function callersOf(root: RawItem): readonly RawItem[] {
  const access = mappingOf(root, 'access');
  if (!access) return [];
  const signIn = mappingOf(access, 'signIn');
  const oidc = signIn && mappingOf(signIn, 'oidc');
  const grants = oidc ? itemsOf(oidc, 'grants') : [];
  return [...itemsOf(access, 'clients'), ...itemsOf(access, 'issuers'), ...grants];
}

function ofKnown(item: RawItem, ids: readonly string[]): Explanation[] {
  const named = textOf(item, 'organization');
  if (named === null || ids.includes(named)) return [];
  return [wrong(item, 'organization', `no "${named}" under organizations${suggestion(named, ids)}`)];
}

function ofOne(location: RawItem, ids: readonly string[]): Explanation[] {
  const unknown = ofKnown(location, ids);
  if (unknown.length > 0 || textOf(location, 'organization') !== null) return unknown;
  if (ids.length < 2 || location.fields['organization'] !== undefined) return [];
  const message = `needs organization, since there are several: ${ids.join(', ')}`;
  return [{ path: location.path, at: 'value', message }];
}

/** What two organizations share would let the one learn of the other. */
function shared(root: RawItem, ids: readonly string[]): Explanation[] {
  const [sole] = ids;
  const owner = new Map(
    itemsOf(root, 'locations').map((each) => [textOf(each, 'id'), textOf(each, 'organization') ?? sole]),
  );
  const schedules = itemsOf(root, 'schedules');
  const ofSchedule = new Map(
    schedules.map((each) => [textOf(each, 'id'), owner.get(textOf(each, 'location'))]),
  );
  const ofPractitioner = new Map<string, string>();
  const people = schedules.flatMap((schedule) => {
    const practitioner = textOf(schedule, 'practitioner');
    const organization = ofSchedule.get(textOf(schedule, 'id'));
    if (practitioner === null || organization === undefined) return [];
    const before = ofPractitioner.get(practitioner) ?? organization;
    ofPractitioner.set(practitioner, before);
    if (before === organization) return [];
    const message =
      `"${practitioner}" has a schedule of ${before} already, and this one is of ${organization}: ` +
      'give each organization a practitioner of its own, with another id';
    return [wrong(schedule, 'practitioner', message)];
  });
  const connections = itemsOf(root, 'connections').flatMap((connection) => {
    const calendars = itemsOf(connection, 'calendars');
    const owners = calendars.map((calendar) => ofSchedule.get(textOf(calendar, 'schedule')));
    const first = owners.find((each) => each !== undefined);
    return calendars.flatMap((calendar, index) => {
      const organization = owners[index];
      if (organization === undefined || organization === first) return [];
      const message = `is of ${organization}, and this connection is of ${first}: each organization has its own`;
      return [wrong(calendar, 'schedule', message)];
    });
  });
  return [...people, ...connections];
}

const wrong = (item: RawItem, key: string, message: string): Explanation => ({
  path: [...item.path, key],
  at: 'value',
  message,
});
