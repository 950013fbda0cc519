import type { FoundCalendars, Platform } from '../../../src/adapter/contract.ts';
import { type Broken, broken, recast } from './broken.ts';

/** Adapters that list the calendars of their platform wrongly. */

const listing =
  (change: (right: FoundCalendars) => FoundCalendars) =>
  ({ calendars }: Platform): Partial<Platform> =>
    calendars ? { calendars: async (signal) => change(await calendars(signal)) } : {};

const NONE: FoundCalendars = { found: [], complete: true };

export const CALENDARS: readonly Broken[] = [
  broken(
    'lists calendars by their names in place of their ids',
    'calendars-listed',
    listing(({ found, complete }) => ({
      found: found.map((each) => ({ ...each, id: each.practitionerName ?? '?' })),
      complete,
    })),
  ),
  broken(
    'lists a calendar of two places twice',
    'calendars-listed',
    listing(({ found, complete }) => ({ found: [...found, ...found.slice(-1)], complete })),
  ),
  broken(
    'gives an empty name where the platform says none',
    'calendars-listed',
    listing(({ found, complete }) => ({ found: found.map((each) => ({ ...each, name: '' })), complete })),
  ),
  broken(
    'takes the list of calendars for none',
    'calendars-listed',
    listing(() => NONE),
  ),
  broken('finds no calendars where it cannot look', 'calendars-malformed', ({ calendars }) => ({
    calendars: (signal) => recast(calendars?.(signal) ?? Promise.resolve(NONE), ['malformed'], () => NONE),
  })),
];
