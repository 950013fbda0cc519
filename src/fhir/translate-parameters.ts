import type { OperationParameter } from './operation.ts';

/** The parameters of R4's ConceptMap-translate, as its OperationDefinition has them. */

type In = Extract<OperationParameter, { type: unknown }>;

const taken = (name: string, type: In['type'], fr: string, en: string): In => ({
  name,
  use: 'in',
  min: 0,
  max: 1,
  type,
  documentation: { fr, en },
});

const part = (name: string, use: 'in' | 'out', type: In['type'], fr: string, en: string): In => ({
  ...taken(name, type, fr, en),
  use,
});

export const TRANSLATE_PARAMETERS: readonly OperationParameter[] = [
  taken(
    'url',
    'uri',
    'L’URL canonique d’une table d’ici.',
    'The canonical URL of a concept map of this server.',
  ),
  taken('conceptMap', 'ConceptMap', 'La table elle-même.', 'The concept map itself.'),
  taken('conceptMapVersion', 'string', 'La version de la table.', 'The version of the concept map.'),
  taken('code', 'code', 'Le code à traduire; avec system.', 'The code to translate; with system.'),
  taken('system', 'uri', 'Le système du code.', 'The system of the code.'),
  taken('version', 'string', 'La version de ce système.', 'The version of that system.'),
  taken(
    'source',
    'uri',
    'L’ensemble de valeurs d’où vient le code : son URL ou son id.',
    'The value set that the code comes from: its URL or id.',
  ),
  taken('coding', 'Coding', 'Le code à traduire.', 'The code to translate.'),
  taken(
    'codeableConcept',
    'CodeableConcept',
    'Le concept à traduire, par chacun de ses codes.',
    'The concept to translate, by each of its codings.',
  ),
  taken(
    'target',
    'uri',
    'L’ensemble de valeurs où chercher : son URL ou son id.',
    'The value set in which a translation is sought: its URL or id.',
  ),
  taken(
    'targetsystem',
    'uri',
    'Le système de codes où chercher.',
    'The code system in which a translation is sought.',
  ),
  {
    name: 'dependency',
    use: 'in',
    min: 0,
    max: '*',
    documentation: {
      fr: 'Refusé : aucune table d’ici ne dépend d’un autre élément.',
      en: 'Refused: no concept map here depends on another element.',
    },
    parts: [
      part('element', 'in', 'uri', 'L’élément dont elle dépend.', 'The element for this dependency.'),
      part('concept', 'in', 'CodeableConcept', 'Sa valeur.', 'The value for this dependency.'),
    ],
  },
  taken(
    'reverse',
    'boolean',
    'Vrai : de la cible à la source; source et target s’échangent, et wider devient narrower.',
    'True: from target to source; source and target change places, and wider becomes narrower.',
  ),
  {
    name: 'result',
    use: 'out',
    min: 1,
    max: 1,
    type: 'boolean',
    documentation: {
      fr: 'Vrai si l’une au moins des correspondances n’est ni unmatched ni disjoint.',
      en: 'True if at least one match is neither unmatched nor disjoint.',
    },
  },
  part('message', 'out', 'string', 'Pourquoi il n’y en a pas.', 'Why there is none.'),
  {
    name: 'match',
    use: 'out',
    min: 0,
    max: '*',
    documentation: { fr: 'Une correspondance.', en: 'A match.' },
    parts: [
      part('equivalence', 'out', 'code', 'À quel point elle convient.', 'How well it fits.'),
      part('concept', 'out', 'Coding', 'Le code traduit.', 'The translation.'),
      {
        name: 'product',
        use: 'out',
        min: 0,
        max: '*',
        documentation: {
          fr: 'Un autre élément que la table en tire.',
          en: 'Another element that is the product of this mapping.',
        },
        parts: [
          part('element', 'out', 'uri', 'Cet élément.', 'The element for this product.'),
          part('concept', 'out', 'Coding', 'Sa valeur.', 'The value for this product.'),
        ],
      },
      part('source', 'out', 'uri', 'La table d’où elle vient.', 'The concept map that it comes from.'),
    ],
  },
];
