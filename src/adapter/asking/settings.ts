import { z } from 'zod';
import { storableText } from '../texts.ts';

/** What an adapter has to know of a platform that persons write to: spread into its own settings. */

const MINUTES_MAX = 7 * 24 * 60;

export const ASKING_SETTINGS = {
  title: storableText(100).min(1).describe('What the clinic calls the platform: tasks name it so'),
  names: z
    .record(z.string().min(1).max(200), storableText(100).min(1))
    .default({})
    .describe('What the clinic calls its calendars, by their ids: tasks name them so; left out = by the id'),
  closeWithinMinutes: z
    .number()
    .min(1)
    .max(MINUTES_MAX)
    .default(15)
    .describe(
      'Minutes that a person has to close time that was sold elsewhere: until then it may be sold twice',
    ),
  openWithinMinutes: z
    .number()
    .min(1)
    .max(MINUTES_MAX)
    .default(120)
    .describe('Minutes that a person has for everything else, such as opening time again'),
};

export type AskingSettings = {
  readonly title: string;
  readonly names: Readonly<Record<string, string>>;
  readonly closeWithinMinutes: number;
  readonly openWithinMinutes: number;
};
