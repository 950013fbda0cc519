import type { Parameters, ParametersParameter } from 'fhir/r4.js';
import { z } from 'zod';
import { inOther } from '../../mappings/fhir/bilingual.ts';
import { parseAs } from '../../mappings/fhir/findings.ts';
import type { Bilingual } from '../domain/schedule.ts';
import { type Answer, ok } from './answer.ts';
import { argumentsIn } from './arguments.ts';
import { type Coded, ConceptMap, type Found, type Translation, translationsOf } from './concept-maps.ts';
import type { Language } from './language.ts';
import type { Operation } from './operation.ts';
import { Refused } from './outcomes.ts';
import { TRANSLATE_PARAMETERS } from './translate-parameters.ts';

/** `ConceptMap/$translate` (R4, ConceptMap-translate), over the tables that are in use or one that the caller brings. */

const Coding = z.looseObject({
  system: z.string().min(1),
  version: z.string().optional(),
  code: z.string().min(1),
});
const uri = z.string().min(1);
const Asked = z.object({
  url: uri.optional(),
  conceptMap: ConceptMap.optional(),
  conceptMapVersion: z.string().optional(),
  code: z.string().min(1).optional(),
  system: uri.optional(),
  version: z.string().optional(),
  source: uri.optional(),
  coding: Coding.optional(),
  codeableConcept: z.looseObject({ coding: z.array(z.unknown()).min(1) }).optional(),
  target: uri.optional(),
  targetsystem: uri.optional(),
  dependency: z.array(z.unknown()).default([]),
  reverse: z.boolean().default(false),
});
type Asked = z.output<typeof Asked>;

/** @param tables parsed ConceptMaps. @throws ZodError when one is none: its platform could not read it either. */
export function translateOperation(tables: readonly unknown[]): Operation {
  const maps = z.array(ConceptMap).parse(tables);
  return {
    documentation: {
      fr:
        'Traduit un code par une table de correspondance, ou par toutes celles qui s’y prêtent. Un code sans ' +
        'correspondance est dit tel et jamais deviné.',
      en:
        'Translates a code by a concept map, or by all that apply. A code that has no counterpart is said to have none ' +
        'and is never guessed.',
    },
    base: 'http://hl7.org/fhir/OperationDefinition/ConceptMap-translate',
    affectsState: false,
    needs: [],
    parameters: TRANSLATE_PARAMETERS,
    type: async ({ body, context }) => {
      const asked = askedIn(body);
      return translate(asked, chosenAmong(maps, asked), context.language);
    },
    instance: async (id, { body, context }) => {
      const asked = askedIn(body);
      const map = maps.find((each) => each.id === id);
      if (!map) {
        const diagnostics = { fr: 'aucun ConceptMap n’a cet id', en: 'no ConceptMap has this id' };
        throw new Refused('not-found', { diagnostics });
      }
      if (asked.conceptMap || (asked.url !== undefined && asked.url !== map.url)) {
        throw refused(
          asked.conceptMap ? 'conceptMap' : 'url',
          'l’adresse nomme déjà un ConceptMap, et c’en est un autre',
          'the address names a ConceptMap already, and this is another one',
        );
      }
      return translate(asked, fitting([map], asked), context.language);
    },
  };
}

function askedIn(body: unknown): Asked {
  const parsed = parseAs(Asked, argumentsIn(TRANSLATE_PARAMETERS, body), '');
  if (!parsed.ok) {
    throw new Refused(
      'invalid-parameter',
      parsed.findings.map(({ message, expression }, index) => ({
        diagnostics: {
          fr: `${expression.slice(1)} : ${message.fr}`,
          en: `${expression.slice(1)}: ${message.en}`,
        },
        expression: expressionOf(String(parsed.issues[index]?.path[0])),
      })),
    );
  }
  if (parsed.data.dependency.length > 0) {
    throw new Refused('invalid-parameter', {
      diagnostics: {
        fr: 'dependency : non offert; aucune table d’ici ne dépend d’un autre élément',
        en: 'dependency: not offered; no map here depends on another element',
      },
      expression: expressionOf('dependency'),
      code: 'not-supported',
    });
  }
  return parsed.data;
}

/** @throws Refused when the one that is named is not known: R4 wants the server to know it. */
function chosenAmong(maps: readonly ConceptMap[], asked: Asked): readonly ConceptMap[] {
  const { url, conceptMap } = asked;
  if (url !== undefined && conceptMap) {
    throw refused('conceptMap', 'url ou conceptMap, pas les deux', 'url or conceptMap, not both');
  }
  if (conceptMap) return fitting([conceptMap], asked);
  if (url === undefined) return fitting(maps, asked);
  const named = maps.filter((map) => map.url === url && hasVersion(map, asked));
  if (named.length > 0) return fitting(named, asked);
  throw new Refused('not-found', {
    diagnostics: {
      fr: 'aucun ConceptMap n’a cette url, ou cette version : cherchez ConceptMap pour ceux qu’il y a',
      en: 'no ConceptMap has this url, or this version: search ConceptMap for those there are',
    },
    expression: expressionOf('url'),
  });
}

const hasVersion = (map: ConceptMap, { conceptMapVersion }: Asked): boolean =>
  conceptMapVersion === undefined || map.version === conceptMapVersion;

/** Of that version, and between the value sets that are named. */
const fitting = (maps: readonly ConceptMap[], asked: Asked): readonly ConceptMap[] =>
  maps.filter((map) => {
    const from = map.sourceUri ?? map.sourceCanonical;
    const to = map.targetUri ?? map.targetCanonical;
    const { source, target } = asked.reverse ? { source: asked.target, target: asked.source } : asked;
    return hasVersion(map, asked) && isNamed(from, source) && isNamed(to, target);
  });

/** "A logical id, or an absolute or relative location": what is not absolute is looked for at the end. */
function isNamed(valueSet: string | undefined, wanted: string | undefined): boolean {
  if (wanted === undefined) return true;
  const [url = ''] = (valueSet ?? '').split('|');
  return /^[a-z][a-z0-9+.-]*:/i.test(wanted) ? url === wanted : url.endsWith(`/${wanted}`);
}

/** One, and only one, of code, coding and codeableConcept. */
function codesIn({ code, system, version, coding, codeableConcept }: Asked): readonly Coded[] {
  const given = [code, coding, codeableConcept].filter((each) => each !== undefined);
  if (given.length !== 1) {
    throw refused(
      'code',
      'donnez code, coding ou codeableConcept, et un seul',
      'give code, coding or codeableConcept, and only one',
    );
  }
  if (coding) return [coding];
  if (codeableConcept) {
    const found = codeableConcept.coding.flatMap((each) => Coding.safeParse(each).data ?? []);
    if (found.length > 0) return found;
    throw refused(
      'codeableConcept',
      'codeableConcept : aucun de ses codes n’a system et code',
      'codeableConcept: none of its codings has system and code',
    );
  }
  if (code === undefined || system === undefined) {
    throw refused('system', 'code : il faut aussi son system', 'code: its system must be given as well');
  }
  return [{ system, version, code }];
}

function translate(asked: Asked, maps: readonly ConceptMap[], language: Language): Answer {
  const direction = { system: asked.targetsystem ?? null, reverse: asked.reverse };
  const codes = codesIn(asked);
  const found = maps.flatMap((map) =>
    codes.map((coded) => ({ ...translationsOf(map, coded, direction), url: map.url })),
  );
  const matches = found.flatMap(({ translations, url }) => translations.map((each) => matchOf(each, url)));
  const isTranslated = found.some(({ translations }) => translations.some(isMatch));
  const answer: Parameters = {
    resourceType: 'Parameters',
    parameter: [
      { name: 'result', valueBoolean: isTranslated },
      ...(isTranslated ? [] : [messageOf(found, language)]),
      ...matches,
    ],
  };
  return ok(JSON.stringify(answer));
}

const isMatch = ({ equivalence }: Translation): boolean =>
  equivalence !== 'unmatched' && equivalence !== 'disjoint';

function messageOf(found: readonly Found[], language: Language): ParametersParameter {
  const text = why(found);
  return { name: 'message', valueString: text[language], _valueString: inOther(text, language) };
}

function why(found: readonly Found[]): Bilingual {
  if (found.some(({ translations }) => translations.length > 0)) {
    return {
      fr: 'La table dit que ce code n’a pas d’équivalent.',
      en: 'The map says that the code has no equivalent.',
    };
  }
  return found.some(({ isCovered }) => isCovered)
    ? { fr: 'Ce code n’est pas dans la table.', en: 'The code is not in the map.' }
    : {
        fr: 'Aucune table ne traduit ce système de codes de cette façon.',
        en: 'No map translates this code system in this way.',
      };
}

function matchOf(
  { equivalence, concept, products }: Translation,
  url: string | undefined,
): ParametersParameter {
  return {
    name: 'match',
    part: [
      { name: 'equivalence', valueCode: equivalence },
      ...(concept ? [{ name: 'concept', valueCoding: codingOf(concept) }] : []),
      ...products.map(({ property, system, value, display }) => ({
        name: 'product',
        part: [
          { name: 'element', valueUri: property },
          { name: 'concept', valueCoding: codingOf({ system, code: value, display }) },
        ],
      })),
      ...(url === undefined ? [] : [{ name: 'source', valueUri: url }]),
    ],
  };
}

/** Without what is not known: FHIR JSON has no nulls here. */
const codingOf = (coding: {
  readonly system?: string | undefined;
  readonly version?: string | undefined;
  readonly code: string;
  readonly display?: string | undefined;
}) => ({
  ...(coding.system === undefined ? {} : { system: coding.system }),
  ...(coding.version === undefined ? {} : { version: coding.version }),
  code: coding.code,
  ...(coding.display === undefined ? {} : { display: coding.display }),
});

const expressionOf = (name: string): string => `Parameters.parameter.where(name='${name}')`;

const refused = (name: string, fr: string, en: string): Refused =>
  new Refused('invalid-parameter', { diagnostics: { fr, en }, expression: expressionOf(name) });
