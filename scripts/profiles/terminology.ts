import type { CodeSystem, ValueSet } from 'fhir/r4.js';
import { SYSTEM, VALUE_SET } from '../../mappings/fhir/canonical.ts';
import type { Bilingual } from '../../src/domain/schedule.ts';
import {
  ELIGIBILITY_TERMS,
  MODE_TERMS,
  REASON_TERMS,
  REORIENTATION_TERMS,
  type Terms,
} from '../../src/domain/slot-terms.ts';
import { OURS, titled } from './words.ts';

/** The codes of the regulation as CodeSystems, and for each a ValueSet of all of them. */

type Name = keyof typeof VALUE_SET;

const OF_REGULATION: readonly (readonly [name: Name, title: Bilingual, terms: Terms<string>])[] = [
  ['eligibility', { fr: 'Qui peut réserver', en: 'Who may book' }, ELIGIBILITY_TERMS],
  ['reason', { fr: 'Motif de consultation', en: 'Reason of the consultation' }, REASON_TERMS],
  ['reorientation', { fr: 'Source de réorientation', en: 'Reorientation source' }, REORIENTATION_TERMS],
  ['mode', { fr: 'Mode de consultation', en: 'Mode of the consultation' }, MODE_TERMS],
];

const SERVICES: Bilingual = { fr: 'Services de cette installation', en: 'Services of this installation' };

const lastOf = (url: string): string => url.slice(url.lastIndexOf('/') + 1);

/** `reorientation-source` as a name that a program can have. */
const nameOf = (id: string): string =>
  id.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** That of the services is written when the server starts: it has the services that are configured. */
export const codeSystems = (): CodeSystem[] =>
  OF_REGULATION.map(([name, title, terms]) => ({
    resourceType: 'CodeSystem',
    id: lastOf(SYSTEM[name]),
    language: 'fr',
    url: SYSTEM[name],
    ...OURS,
    name: nameOf(lastOf(SYSTEM[name])),
    ...titled(title, {
      fr: `${title.fr} : A-2.2, r. 1, art. 4.`,
      en: `${title.en}: A-2.2, r. 1, s. 4.`,
    }),
    caseSensitive: true,
    valueSet: VALUE_SET[name],
    content: 'complete',
    count: Object.keys(terms).length,
    concept: Object.entries(terms).map(([code, term]) => ({
      code,
      display: term.fr,
      designation: [{ language: 'en', value: term.en }],
    })),
  }));

export const valueSets = (): ValueSet[] =>
  [...OF_REGULATION, ['service', SERVICES] as const].map(([name, title]) => ({
    resourceType: 'ValueSet',
    id: lastOf(VALUE_SET[name]),
    language: 'fr',
    url: VALUE_SET[name],
    ...OURS,
    name: `${nameOf(lastOf(VALUE_SET[name]))}Codes`,
    ...titled(title, {
      fr: `Tous les codes de ${SYSTEM[name]}.`,
      en: `All codes of ${SYSTEM[name]}.`,
    }),
    compose: { include: [{ system: SYSTEM[name] }] },
  }));
