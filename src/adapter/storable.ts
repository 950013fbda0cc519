import { z } from 'zod';

/** A text of a platform's that is kept. None has U+0000 in it, which no text of PostgreSQL can hold. */
export const storableText = (charactersMax: number) =>
  z
    .string()
    .max(charactersMax)
    .refine((text) => !text.includes('\0'), { error: 'has the character U+0000' });
