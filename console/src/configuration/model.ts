import type { components } from '../api/schema.d.ts';
import { type Entry, entryOf } from '../form/value.ts';
import type { Bilingual } from '../i18n/use-words.ts';

/** What the configuration file says, as far as pages are made of it; what each key means is in docs/configuration.md. Pure. */

type Schemas = components['schemas'];

export type Configuration = Schemas['Configuration'];
export type Problem = Configuration['problems'][number];
export type Offered = Configuration['offered'][number];
export type Trial = Schemas['ConnectionTried'];
export type FoundCalendar = Schemas['FoundCalendar'];

export type ListName = 'connections' | 'practitioners' | 'locations' | 'services' | 'schedules';

export type Topology = 'block' | 'publish' | 'shifts';
export type Calendar = { readonly id: string; readonly schedule: string; readonly topology: Topology };
export type Identifier = { readonly system: string; readonly value: string };

export type Practitioner = Entry & {
  readonly id: string;
  readonly family: string;
  readonly given: string;
  readonly prefix?: string;
  readonly identifiers?: readonly Identifier[];
};
export type Schedule = Entry & {
  readonly id: string;
  readonly practitioner: string;
  readonly location: string;
  readonly service: string;
};
export type Location = Entry & { readonly id: string; readonly name: string; readonly timeZone?: string };
export type Service = Entry & { readonly id: string; readonly name: Bilingual };
export type Organization = Entry & { readonly id: string; readonly name: string };
export type Connection = Entry & {
  readonly id: string;
  readonly platform: string;
  readonly title?: Bilingual;
  readonly calendars: readonly Calendar[];
};

export type Clinic = {
  /** Null = none is named so far, or several are. */
  readonly organization: Organization | null;
  /** Where there are several. */
  readonly organizations: readonly Organization[];
  readonly locations: readonly Location[];
  readonly services: readonly Service[];
  readonly practitioners: readonly Practitioner[];
  readonly schedules: readonly Schedule[];
  readonly connections: readonly Connection[];
};

/** What has no id is for whoever wrote it by hand. */
export function clinicOf({ document }: Configuration): Clinic {
  const named = <Item>(list: string): readonly Item[] => {
    const items: unknown = document?.[list];
    return (Array.isArray(items) ? items : []).filter(
      (item: unknown): item is Item => typeof entryOf(item)['id'] === 'string',
    );
  };
  const organization = document?.['organization'] as Organization | undefined;
  return {
    organization: organization ?? null,
    organizations: named('organizations'),
    locations: named('locations'),
    services: named('services'),
    practitioners: named('practitioners'),
    schedules: named('schedules'),
    connections: named<Connection>('connections').map((each) => ({
      ...each,
      calendars: Array.isArray(each.calendars) ? each.calendars : [],
    })),
  };
}

/** As «Dre Camille Gagnon». */
export const nameOf = ({ prefix, given, family }: Practitioner): string =>
  [prefix, given, family].filter(Boolean).join(' ');

/** Nothing reads or writes any platform so far. */
export const isFirstRun = (configuration: Configuration): boolean =>
  configuration.writable.isWritable && clinicOf(configuration).connections.length === 0;
