import { connectionUrl, SYSTEM } from '../../mappings/fhir/canonical.ts';
import type { Directory } from '../domain/directory.ts';
import { REASONS, type Reason, type SlotStatus } from '../domain/slot.ts';
import type { SlotQuery } from '../engine/ports/front.ts';
import { dateRanges, PREFIXES } from './dates.ts';
import { ALWAYS, inBoth, type Ranges } from './ranges.ts';
import { serviceTypeParameter, specialtyParameter } from './schedule-parameters.ts';
import { oneOf, type SearchTable } from './search.ts';
import { Unusable } from './unusable.ts';
import {
  both,
  codes,
  idParameter,
  isToken,
  lastUpdatedParameter,
  referenceParameter,
  type Token,
  tokens,
} from './values.ts';

/** By what slots are found. */

export type SlotFilter = {
  readonly ids: readonly string[] | null;
  readonly scheduleIds: readonly string[] | null;
  readonly statuses: readonly SlotStatus[] | null;
  readonly start: Ranges;
  readonly updated: Ranges;
  readonly externalIds: NonNullable<SlotQuery['externalIds']> | null;
  readonly onlyReasons: readonly Reason[] | null;
  readonly anyReasons: readonly Reason[] | null;
  readonly staleIncluded: boolean;
};

export const ANY_FILTER: SlotFilter = {
  ids: null,
  scheduleIds: null,
  statuses: null,
  start: ALWAYS,
  updated: ALWAYS,
  externalIds: null,
  onlyReasons: null,
  anyReasons: null,
  staleIncluded: false,
};

const STATUSES: readonly SlotStatus[] = ['free', 'busy', 'busy-unavailable', 'busy-tentative'];

export const slotTable = (directory: Directory): SearchTable<SlotFilter> => ({
  everything: ANY_FILTER,
  filters: [
    idParameter(),
    lastUpdatedParameter(),
    referenceParameter('schedule', ['Schedule'], (filter, wanted) => ({
      ...filter,
      scheduleIds: both(
        filter.scheduleIds,
        wanted.map(({ id }) => id),
      ),
    })),
    {
      name: 'start',
      type: 'date',
      documentation:
        `Prefixes ${PREFIXES.join(', ')}; partial dates; comma = or, repeated = and, for a range. ` +
        'Without an offset it is read in the zone of the first location (implementation.description).',
      narrow: (filter, value, { zone, now }) => ({
        ...filter,
        start: inBoth(filter.start, dateRanges(value, zone, now)),
      }),
    },
    {
      name: 'status',
      type: 'token',
      documentation:
        'Comma = or. A free slot whose source is stale, or that may not be booked yet (extension bookable-from), is left ' +
        'out when free is asked for, else busy-unavailable.',
      modifiers: ['not'],
      narrow: (filter, value, _, modifier) => {
        const named = codes(value, STATUSES);
        const wanted = modifier === 'not' ? STATUSES.filter((each) => !named.includes(each)) : named;
        return { ...filter, statuses: both(filter.statuses, wanted) };
      },
    },
    serviceTypeParameter(directory),
    specialtyParameter(directory),
    {
      name: 'appointment-type',
      type: 'token',
      documentation: 'The reason that a slot is for, where it is for one only; comma = or.',
      narrow: (filter, value) => {
        const wanted = tokens(value);
        const reasons = REASONS.filter((code) =>
          wanted.some((want) => isToken({ system: SYSTEM.reason, code }, want)),
        );
        return { ...filter, onlyReasons: both(filter.onlyReasons, reasons) };
      },
    },
    {
      name: 'identifier',
      type: 'token',
      documentation:
        'The id that a slot has at its platform, whose system is meta.source of the slot; comma = or.',
      narrow: (filter, value) => {
        if (filter.externalIds) throw new Unusable({ fr: 'une seule fois', en: 'once only' });
        return { ...filter, externalIds: tokens(value).flatMap((each) => externalIds(directory, each)) };
      },
    },
    {
      name: 'stale',
      type: 'token',
      documentation:
        'include = serve slots of stale sources as they were last known (extension stale = true).',
      narrow: (filter, value) => ({
        ...filter,
        staleIncluded: oneOf(value, ['include', 'exclude']) === 'include',
      }),
    },
  ],
  sorts: ['start', '_lastUpdated'],
  includes: ['Slot:schedule', 'Schedule:actor', 'Location:organization'],
  revincludes: ['Appointment:slot', 'PractitionerRole:practitioner', 'PractitionerRole:location'],
});

/** No system = at any connection. */
const externalIds = ({ entries }: Directory, { system, code }: Token) =>
  entries.connections
    .filter(({ id }) => system === null || system === connectionUrl(id))
    .map(({ id }) => ({ connectionId: id, externalId: code }));
