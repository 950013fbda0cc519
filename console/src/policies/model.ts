import type { components } from '../api/schema.d.ts';

/** What the page of rules shows; what each means is in src/server/contract/. */

type Schemas = components['schemas'];

export type RuledSchedule = Schemas['RuledSchedule'];
export type PolicyList = Schemas['PolicyList'];
export type Preview = Schemas['PolicyPreview'];
export type Previewed = NonNullable<Preview['preview']>;
export type Forecast = Schemas['PolicyForecast'];
export type Case = Schemas['PreviewCase'];
export type Verdict = Schemas['PreviewVerdict'];
export type Problem = Preview['problems'][number];
/** As it stands in the file. */
export type Policy = Readonly<Record<string, unknown>>;

export const WEEKS = ['last', 'next'] as const;
export type Week = (typeof WEEKS)[number];
