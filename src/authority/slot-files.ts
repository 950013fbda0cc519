import { provinceOf } from '../../mappings/fhir/province.ts';
import type { Directory } from '../domain/directory.ts';
import { groupBy } from '../domain/group-by.ts';
import { DAY, formatInstant, type Instant, instant } from '../domain/instant.ts';
import type { Calendar, Schedule } from '../domain/schedule.ts';

/**
 * Which slots are in which file: so many schedules by a week of starts, so that a file is of a size that does not grow with
 * the clinic, has an address that stays, and most of them are the same from one look to the next. What changed since some
 * time is little, and has a file for the same schedules with all that is ahead.
 */

/** At five slots an hour on each of two platforms a week of theirs is some 20,000 lines; of most doctors it is a tenth. */
const SCHEDULES_PER_FILE = 50;
const WEEK = 7 * DAY;
/** 5 January 1970, the first Monday. Weeks are those of UTC: wherever they are cut, each slot is in one. */
const FIRST_MONDAY = 4 * DAY;
const NAME = /^Slot-([1-9]\d{0,5})(?:-(\d{4}-\d\d-\d\d))?\.ndjson$/;

export type SlotGroup = {
  /** From 1. */
  readonly number: number;
  readonly schedules: readonly Schedule[];
  readonly calendars: readonly Calendar[];
  readonly states: readonly string[];
};

export type SlotFile = {
  readonly name: string;
  readonly group: SlotGroup;
  /** Of the starts; what is behind is not in it. */
  readonly fromMs: number;
  readonly beforeMs: number;
};

export type SlotFiles = {
  /** Every file that there is now, of which each slot ahead is in one. @param weekly false = one for all weeks of a group. */
  readonly list: (now: Instant, weekly: boolean) => SlotFile[];
  /** Null = there is none of that name. One of last week is still there: a client may have begun before it was over. */
  readonly find: (name: string, now: Instant) => SlotFile | null;
};

export function slotFiles(directory: Directory, schedulesPerFile = SCHEDULES_PER_FILE): SlotFiles {
  const { connections } = directory.entries;
  const groups = groupsOf(directory, schedulesPerFile);
  const horizon = Math.max(0, ...connections.map((connection) => connection.horizonMilliseconds));
  const endOf = (now: Instant): number => weekOf(now + horizon) + WEEK;

  const weekFile = (group: SlotGroup, week: number): SlotFile => {
    const date = formatInstant(instant(week)).slice(0, 10);
    return { name: `Slot-${group.number}-${date}.ndjson`, group, fromMs: week, beforeMs: week + WEEK };
  };
  const wholeFile = (group: SlotGroup, now: Instant): SlotFile => ({
    name: `Slot-${group.number}.ndjson`,
    group,
    fromMs: now,
    beforeMs: endOf(now),
  });

  return {
    list(now, weekly) {
      if (!weekly) return groups.map((group) => wholeFile(group, now));
      const weeks: number[] = [];
      for (let week = weekOf(now); week < endOf(now); week += WEEK) weeks.push(week);
      return groups.flatMap((group) => weeks.map((week) => weekFile(group, week)));
    },
    find(name, now) {
      const [, number, date] = NAME.exec(name) ?? [];
      const group = groups[Number(number) - 1];
      if (!group) return null;
      if (date === undefined) return wholeFile(group, now);
      const week = Date.parse(date);
      const isKnown = week === weekOf(week) && week >= weekOf(now) - WEEK && week < endOf(now);
      return isKnown ? weekFile(group, week) : null;
    },
  };
}

const weekOf = (ms: number): number => Math.floor((ms - FIRST_MONDAY) / WEEK) * WEEK + FIRST_MONDAY;

function groupsOf(directory: Directory, size: number): SlotGroup[] {
  const { schedules, calendars } = directory.entries;
  const ofSchedule = groupBy(calendars, (calendar) => calendar.scheduleId);
  const groups: SlotGroup[] = [];
  for (let first = 0; first < schedules.length; first += size) {
    const some = schedules.slice(first, first + size);
    groups.push({
      number: groups.length + 1,
      schedules: some,
      calendars: some.flatMap(({ id }) => ofSchedule.get(id) ?? []),
      states: statesOf(directory, some),
    });
  }
  return groups;
}

/** Provinces and territories of the places of schedules, as far as their postal codes tell. */
export function statesOf({ entries }: Directory, schedules: readonly Schedule[]): string[] {
  const places = new Set(schedules.map(({ locationId }) => locationId));
  const states = entries.locations.flatMap(({ id, address }) =>
    places.has(id) && address ? (provinceOf(address.postalCode) ?? []) : [],
  );
  return [...new Set(states)].sort();
}
