import { z } from 'zod';
import { type Instant, parseInstant } from '../../src/domain/instant.ts';
import { isRealDate, refusal } from './findings.ts';

// The type `instant` of R4: to the second at least, with an offset, and no hour 24 (which Date.parse would take).
const INSTANT = /^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-](0\d|1[0-4]):[0-5]\d)$/;

export const InstantText = z
  .string()
  .refine(
    (text) => INSTANT.test(text) && isRealDate(text.slice(0, 10)),
    refusal(
      {
        fr: 'ce n’est pas un instant qui existe, à la seconde et avec son décalage, comme 2026-11-24T09:20:00-05:00',
        en: 'not an instant that exists, to the second and with an offset, as 2026-11-24T09:20:00-05:00',
      },
      'value',
    ),
  )
  .transform((text): Instant => parseInstant(text));
