import type { Bilingual } from '../../../src/domain/schedule.ts';
import { isRealDate } from '../findings.ts';

/** The simple types of R4 4.0.1 (datatypes.html), each by its JSON type and what it may say. */

export type Primitive = {
  readonly is: (value: unknown) => boolean;
  /** What it must be. */
  readonly expected: Bilingual;
};

const YEAR = '([0-9]([0-9]([0-9][1-9]|[1-9]0)|[1-9]00)|[1-9]000)';
const DAY = '(0[1-9]|[1-2][0-9]|3[0-1])';
const MONTH = '(0[1-9]|1[0-2])';
const TIME = '([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\\.[0-9]+)?';
const ZONE = '(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))';

const text = (pattern: RegExp, fr: string, en: string, holds = (_: string): boolean => true): Primitive => ({
  is: (value) => typeof value === 'string' && pattern.test(value) && holds(value),
  expected: { fr, en },
});

const number = (holds: (value: number) => boolean, fr: string, en: string): Primitive => ({
  is: (value) => typeof value === 'number' && Number.isFinite(value) && holds(value),
  expected: { fr, en },
});

/** Of 32 bits. */
const isInteger = (value: number): boolean => (value | 0) === value;

/** Of a date or a time with one: a whole day must be one that exists; a month or a year always does. */
const isOfRealDay = (value: string): boolean => value.length < 10 || isRealDate(value.slice(0, 10));

// No control characters but tab and line ends, and something that can be seen.
const TEXT = /^(?=.*\S)[\r\n\t\u0020-\uffff]+$/s;
export const STRING = text(
  TEXT,
  'un texte, sans caractères de commande',
  'a text without control characters',
);
export const DATE_TIME = text(
  new RegExp(`^${YEAR}(-${MONTH}(-${DAY}(T${TIME}${ZONE})?)?)?$`),
  'une date qui existe, avec ou sans heure; l’heure à la seconde et avec son décalage',
  'a date that exists, with or without a time; the time to the second and with its offset',
  isOfRealDay,
);
const uri = text(/^\S+$/, 'un URI, sans espaces', 'a URI without spaces');

function isFilledDiv(value: string): boolean {
  const inside = value.slice(value.indexOf('>') + 1).trimEnd();
  return inside.endsWith('</div>') && inside.slice(0, -'</div>'.length).trim() !== '';
}

export const PRIMITIVES: Readonly<Record<string, Primitive>> = {
  base64Binary: text(/^\s*([0-9A-Za-z+/=]{4}\s*)+$/, 'du base64', 'base64'),
  boolean: {
    is: (value) => typeof value === 'boolean',
    expected: { fr: 'true ou false', en: 'true or false' },
  },
  canonical: uri,
  code: text(
    /^\S+( \S+)*$/,
    'un code, sans espaces au bord ni doubles',
    'a code without spaces at its ends or in a row',
  ),
  date: text(
    new RegExp(`^${YEAR}(-${MONTH}(-${DAY})?)?$`),
    'une date qui existe, comme 2026-11-24, 2026-11 ou 2026',
    'a date that exists, as 2026-11-24, 2026-11 or 2026',
    isOfRealDay,
  ),
  dateTime: DATE_TIME,
  decimal: number(() => true, 'un nombre', 'a number'),
  id: text(
    /^[A-Za-z0-9\-.]{1,64}$/,
    'un id : des lettres, chiffres, - et ., 64 au plus',
    'an id: letters, digits, - and ., 64 at the most',
  ),
  instant: text(
    new RegExp(`^${YEAR}-${MONTH}-${DAY}T${TIME}${ZONE}$`),
    'un instant qui existe, à la seconde et avec son décalage, comme 2026-11-24T09:20:00-05:00',
    'an instant that exists, to the second and with its offset, as 2026-11-24T09:20:00-05:00',
    isOfRealDay,
  ),
  integer: number(isInteger, 'un nombre entier', 'a whole number'),
  markdown: STRING,
  oid: text(/^urn:oid:[0-2](\.(0|[1-9][0-9]*))+$/, 'un OID, comme urn:oid:1.2.3', 'an OID, as urn:oid:1.2.3'),
  positiveInt: number(
    (value) => isInteger(value) && value >= 1,
    'un nombre entier à partir de 1',
    'a whole number from 1 up',
  ),
  string: STRING,
  time: text(new RegExp(`^${TIME}$`), 'une heure, comme 09:20:00', 'a time, as 09:20:00'),
  unsignedInt: number(
    (value) => isInteger(value) && value >= 0,
    'un nombre entier à partir de 0',
    'a whole number from 0 up',
  ),
  uri,
  url: uri,
  uuid: text(
    /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
    'un UUID, comme urn:uuid:…, en minuscules',
    'a UUID, as urn:uuid:…, in lower case',
  ),
  // Of its content only that there is some is looked at: nothing here shows it to anybody.
  xhtml: text(
    /^\s*<div[\s>]/,
    'un <div> de XHTML qui dit quelque chose',
    'a <div> of XHTML that says something',
    isFilledDiv,
  ),
};
