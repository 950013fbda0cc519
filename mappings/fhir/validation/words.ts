import type { Bilingual } from '../../../src/domain/schedule.ts';
import type { Finding } from '../findings.ts';
import type { ElementShape } from './shape.ts';

/** What is said of an element that is not as it must be. A value is never in it: it may be a patient's. */

const fault =
  (code: Finding['code'], fr: string, en: string) =>
  (expression: string): Finding => ({ code, message: { fr, en }, expression });

export const mustBeObject = fault('structure', 'doit être un objet de JSON', 'must be a JSON object');
export const mustBeList = fault('structure', 'doit être une liste de JSON', 'must be a JSON array');
export const notAResource = fault('structure', 'doit être une ressource de R4', 'must be a resource of R4');
export const severalTypes = fault('structure', 'donné sous plus d’un type', 'given as more than one type');
export const missing = fault('required', 'doit être donné', 'must be given');
export const empty = fault(
  'invariant',
  'ele-1 : ne dit rien; laissez l’élément de côté',
  'ele-1: says nothing; leave the element out',
);
export const emptyList = fault(
  'structure',
  'une liste vide; laissez l’élément de côté',
  'an empty list; leave the element out',
);
export const notACode = fault(
  'code-invalid',
  'n’est pas un code de l’ensemble de valeurs auquel cet élément est lié',
  'is not a code of the value set that this element is bound to',
);

/** R4 has no such rule, and a time that ends before it begins is none. */
export const endsTooSoon = fault(
  'invariant',
  'la fin doit suivre le début',
  'the end must be after the start',
);
/** R4, extensibility.html, 2.4.0.1.1: who does not know one does not know what the resource says. */
export const unknownModifier = fault(
  'extension',
  'une modifierExtension change le sens du reste, et aucune n’est connue ici',
  'modifier extensions change the meaning of the rest and none is known here',
);

export const tooDeep = (expression: string, most: number): Finding =>
  fault(
    'structure',
    `plus de ${most} éléments l’un dans l’autre`,
    `more than ${most} elements one in the other`,
  )(expression);

export const mustBe = (expression: string, { fr, en }: Bilingual): Finding =>
  fault('value', `doit être ${fr}`, `must be ${en}`)(expression);

export function howMany(expression: string, { min, max }: Pick<ElementShape, 'min' | 'max'>): Finding {
  const range = `${min}..${Number.isFinite(max) ? max : '*'}`;
  return fault('structure', `en nombre de ${range}`, `there must be ${range}`)(expression);
}

/**
 * Its name is shown if it looks like one: it may be a slip of the pen, which cannot be found otherwise. R4's begin with a
 * small letter and have no digits but in `valueBase64Binary`; a health insurance number that came to stand there has both.
 */
export function unknownElement(expression: string, key: string): Finding {
  const name = /^_?[a-z][A-Za-z]{0,63}$/.test(key) ? key : '…';
  return fault(
    'structure',
    `il n’y a pas d’élément ${name} ici`,
    `there is no element ${name} here`,
  )(expression);
}

/** @param key by which R4 calls the invariant. */
export const broken = (key: string, expression: string, fr: string, en: string): Finding =>
  fault('invariant', `${key} : ${fr}`, `${key}: ${en}`)(expression);
