import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { Patient } from 'fhir/r4.js';
import { SYSTEM } from '../../mappings/fhir/canonical.ts';
import { fakeNam } from './fake-patients.ts';

/**
 * A patient who is made up, and found again wherever she should not be: each of her values is like nothing else. The form
 * in which something comes out may be another than the one in which it went in.
 */

const BIRTH_DATE = '1931-07-29';

export const CANARY = {
  family: 'Zyxcanarié',
  given: 'Quetzaline',
  phone: '+1 514 555-0173',
  email: 'zyx.canarie@example.invalid',
  nam: fakeNam('ZYXQ', BIRTH_DATE, { isOfWoman: true }),
  birthDate: BIRTH_DATE,
} as const;

/** Where the clinic lets it be seen, and no part of who she is; it is made up to look as if. */
export const CANARY_COMMENT = 'Zyxcommentaire de la canarie';

export const CANARY_PATIENT: Patient & { readonly id: string } = {
  resourceType: 'Patient',
  id: 'patient',
  name: [{ use: 'official', family: CANARY.family, given: [CANARY.given] }],
  telecom: [
    { system: 'phone', value: CANARY.phone },
    { system: 'email', value: CANARY.email },
  ],
  birthDate: CANARY.birthDate,
  identifier: [{ system: SYSTEM.nam, value: CANARY.nam }],
};

/** Her values, and the parts of them that say as much. */
const VALUES = [
  ...Object.values(CANARY),
  'Zyxcanari',
  '555-0173',
  '5145550173',
  CANARY.nam.replace(/(.{4})(.{4})/, '$1 $2 '),
  CANARY.nam.slice(4),
  BIRTH_DATE.replaceAll('-', ''),
];

/** By the form, what is looked for; all in lower case. */
const FORMS: ReadonlyMap<string, string> = new Map(VALUES.flatMap(formsOf));

function formsOf(value: string): [string, string][] {
  const bytes = Buffer.from(value, 'utf8');
  const escaped = [...value].map((letter) =>
    letter > '~' ? `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}` : letter,
  );
  const forms = [
    value,
    encodeURIComponent(value),
    encodeURIComponent(value).replaceAll('%20', '+'),
    escaped.join(''),
    // As an older reader shows it.
    bytes.toString('latin1'),
    bytes.toString('hex'),
    ...base64Of(bytes),
    // A hash without a key: whoever has the number has its hash.
    ...(['md5', 'sha1', 'sha256'] as const).map((name) => createHash(name).update(value).digest('hex')),
  ];
  return forms.map((form) => [form.toLowerCase(), value]);
}

/** As it looks inside of something longer, wherever in it: base64 knows groups of three bytes. */
function base64Of(bytes: Buffer): string[] {
  return [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '');
    const first = Math.ceil((before * 4) / 3);
    const isWhole = (before + bytes.length) % 3 === 0;
    return text.slice(first, isWhole ? undefined : -1);
  });
}

/** Her values that are in the text, in whatever form. */
export function canaryIn(text: string): string[] {
  const lower = text.toLowerCase();
  return [...new Set([...FORMS].flatMap(([form, value]) => (lower.includes(form) ? [value] : [])))];
}
