import type { PatientDetails } from '../../src/adapter/contract.ts';
import { type Mark, markOf, subjectOf } from '../../src/adapter/observation.ts';

/** The comments of what we write: our mark on the first line, and below it what staff should know. */

const CLOSED = 'Plage fermée par Passerelle / Time closed by Passerelle';

export const closingNote = (mark: Mark): string => `${mark}\n${CLOSED}`;

/** @param patient null = not to be named. */
export const bookingNote = (mark: Mark, patient: PatientDetails | null): string =>
  patient ? `${mark}\n${patient.family}, ${patient.given}` : mark;

/** Staff may write before and after it. */
export function markIn(comments: string | null | undefined): Mark | null {
  for (const word of comments?.split(/\s+/) ?? []) {
    const subject = subjectOf(word);
    if (subject !== null) return markOf(subject);
  }
  return null;
}

export const isClosing = (comments: string | null | undefined): boolean =>
  comments?.includes(CLOSED) ?? false;
