/**
 * The health insurance number of Québec (numéro d'assurance maladie, NAM), as RAMQ prints it on the card: three letters of the
 * family name and one of the given name, the year of birth in two digits, the month (50 more of women), the day, a digit that
 * tells apart who would have the same, and a check digit.
 *
 * What is checked: the form, and that the date in it exists and is the birth date, where that is known. Not checked are the
 * letters, since names change and numbers do not always, nor the sex, of which Passerelle asks nobody.
 */

const FORM = /^[A-Z]{4}(\d{2})(\d{2})(\d{2})\d{2}$/;
const OF_WOMEN = 50;
/** Nobody alive was born before. */
const CENTURIES = [19, 20] as const;

/** As the card has it, without spaces. */
export const normalNam = (text: string): string => text.replaceAll(/\s/g, '').toUpperCase();

/**
 * What is wrong with it; null = nothing that can be told.
 * @param nam normal. @param birthDate YYYY-MM-DD, or null: then either century will do.
 */
export function namProblem(nam: string, birthDate: string | null): 'form' | 'date' | 'birth-date' | null {
  const match = FORM.exec(nam);
  if (!match) return 'form';
  const [, year, month, day] = match.map(Number) as [number, number, number, number];
  const monthOfBirth = month > OF_WOMEN ? month - OF_WOMEN : month;
  const dates = CENTURIES.map((century) => dateText(century * 100 + year, monthOfBirth, day));
  if (!dates.some(isDate)) return 'date';
  return birthDate === null || dates.includes(birthDate) ? null : 'birth-date';
}

const dateText = (year: number, month: number, day: number): string =>
  `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;

function isDate(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

const WEIGHTS = [7, 1, 1, 3, 9, 7, 3, 9, 5, 3, 1, 3, 5, 7, 6, 9, 1] as const;
/** The codes of letters leave one out after R. */
const LAST_BEFORE_GAP = 18;

/**
 * The digit that the eleven characters before it want: two digits a letter, four of the year, the rest as it is, weighted,
 * modulo 10. RAMQ publishes no rule. This is the one of Petal MD's library, as it runs and as its tests have it
 * (github.com/petalmd/health_card, quebec_validator.rb and its spec, 0.1.0); the example that Clic Santé publishes agrees
 * (documentation.clicsante.ca/fhir/base/nam.html). Both are of men but for one case, so of women it is less sure.
 * @param start eleven characters or more, of the right form. @param century 19 or 20.
 */
export function namCheckDigit(start: string, century: number): number {
  const letters = [...start.slice(0, 4)].flatMap((letter) => {
    const place = letter.charCodeAt(0) - 64;
    const code = place > LAST_BEFORE_GAP ? place + 1 : place;
    return [Math.floor(code / 10), code % 10];
  });
  const digits = [...letters, ...[...`${century}${start.slice(4, 11)}`].map(Number)];
  return WEIGHTS.reduce((sum, weight, index) => sum + weight * (digits[index] ?? 0), 0) % 10;
}

/** @param nam of the right form. @param birthDate YYYY-MM-DD, or null: then that of either century will do. */
export function hasNamCheckDigit(nam: string, birthDate: string | null): boolean {
  const centuries = birthDate === null ? CENTURIES : [Number(birthDate.slice(0, 2))];
  return centuries.some((century) => namCheckDigit(nam, century) === Number(nam.slice(11)));
}
