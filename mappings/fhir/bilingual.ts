import type { CodeableConcept, Coding, Element } from 'fhir/r4.js';
import type { Bilingual } from '../../src/domain/schedule.ts';
import { EXTENSION } from './canonical.ts';

/** French is the text itself, English its translation: Law 96 wants French at least as good as any other language. */
export const inEnglish = (text: Bilingual): Element => inOther(text, 'fr');

/** What stands beside a text that is given in the one language: the same in the other. */
export function inOther(text: Bilingual, language: 'fr' | 'en'): Element {
  const other = language === 'fr' ? 'en' : 'fr';
  return {
    extension: [
      {
        url: EXTENSION.translation,
        extension: [
          { url: 'lang', valueCode: other },
          { url: 'content', valueString: text[other] },
        ],
      },
    ],
  };
}

export const coding = (system: string, code: string, display: Bilingual): Coding => ({
  system,
  code,
  display: display.fr,
  _display: inEnglish(display),
});

export const concept = (system: string, code: string, display: Bilingual): CodeableConcept => ({
  coding: [coding(system, code, display)],
});
