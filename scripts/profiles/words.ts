import type { ElementDefinition, StructureDefinition } from 'fhir/r4.js';
import { inEnglish } from '../../mappings/fhir/bilingual.ts';
import type { Bilingual } from '../../src/domain/schedule.ts';

/** Texts of ours in definitions: French is the text, English its translation (mappings/fhir/bilingual.ts). */

export const said = (
  short: Bilingual,
  definition: Bilingual = short,
): Pick<ElementDefinition, 'short' | '_short' | 'definition' | '_definition'> => ({
  short: short.fr,
  _short: inEnglish(short),
  definition: definition.fr,
  _definition: inEnglish(definition),
});

export const titled = (
  title: Bilingual,
  description: Bilingual,
): Pick<StructureDefinition, 'title' | '_title' | 'description' | '_description'> => ({
  title: title.fr,
  _title: inEnglish(title),
  description: description.fr,
  _description: inEnglish(description),
});

/** What every definition of ours says of itself. The version is that of its content: raise it when that changes. */
export const OURS = {
  version: '1.0.0',
  status: 'active',
  experimental: false,
  publisher: 'Passerelle',
} as const;
