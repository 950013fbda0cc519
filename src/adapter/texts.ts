import { z } from 'zod';
import { type Instant, parseInstant } from '../domain/instant.ts';

/** Texts of a platform, as every adapter's schema has them. */

/** One that is kept. None has U+0000 in it, which no text of PostgreSQL can hold. */
export const storableText = (charactersMax: number) =>
  z
    .string()
    .max(charactersMax)
    .refine((text) => !text.includes('\0'), { error: 'has the character U+0000' });

/** RFC 3339 with offset, read as the instant that it names. The issue repeats nothing of it. */
export const instantText = z.string().transform((text, context): Instant => {
  try {
    return parseInstant(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'not an instant with an offset' });
    return z.NEVER;
  }
});
