import { z } from 'zod';

/** What answers of several topics are made of. Answers are strict: the tests hold what is answered against them. */

export const Instant = z.iso.datetime({ offset: true }).meta({
  id: 'Instant',
  description: 'With its offset, always UTC in answers.',
  examples: ['2026-11-24T14:00:00Z'],
});

export const Day = z.iso.date().meta({ description: 'A local day.', examples: ['2026-11-24'] });

export const Bilingual = z
  .strictObject({ fr: z.string(), en: z.string() })
  .meta({ id: 'Bilingual', description: 'A text for persons, in both languages.' });

export const TimeZone = z
  .string()
  .meta({ description: 'Of the place, by its name in the IANA database.', examples: ['America/Toronto'] });

/** Half-open: [start, end). */
export const time = { start: Instant, end: Instant };

export const complete = z.boolean().meta({ description: 'False = there are more than one answer tells.' });

/** A number of things. */
export const count = z.int().min(0);

/** The last line of an NDJSON answer that did not come to its end. */
export const Failed = z
  .strictObject({ type: z.literal('result'), outcome: z.literal('failed'), reason: z.string() })
  .meta({ id: 'Failed' });
