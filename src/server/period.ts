import { type Instant, parseInstant } from '../domain/instant.ts';
import type { Bilingual } from '../domain/schedule.ts';
import { Refused } from '../fhir/outcomes.ts';

export const NO_INSTANT: Bilingual = {
  fr: 'il faut un instant avec son décalage, comme 2026-11-28T00:00:00-05:00',
  en: 'must be an instant with its offset, such as 2026-11-28T00:00:00-05:00',
};

/** @param given an instant with an offset, as a parameter or an element has it. @throws Refused */
export function instantIn(given: unknown, expression: string): Instant {
  try {
    return parseInstant(String(given));
  } catch {
    throw new Refused('invalid-parameter', { diagnostics: NO_INSTANT, expression });
  }
}
