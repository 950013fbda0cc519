import { expect } from 'chai';
import fc from 'fast-check';
import { commonPasswords } from '../../../src/access/people/common-passwords.ts';
import { type PasswordProblem, passwordProblem } from '../../../src/access/people/password-rules.ts';

const WORDS = ['passerelle', 'marie.tremblay@clinique.example', 'Marie Tremblay'];

describe('a password', () => {
  let common: ReadonlySet<string>;
  before(async () => {
    common = await commonPasswords();
  });
  const problem = (text: string) => passwordProblem(text, WORDS, (each) => common.has(each));

  const cases: [text: string, expected: PasswordProblem | null][] = [
    ['quatre chevaux de granit', null],
    ['élève ÉLÈVE 漢字漢', null],
    ['correct horse battery staple', null],
    ['83920174652918', null],
    ['🐎🐢🌲🪨🌊🐟🦉🌙⭐🔥🧭🪵', null],
    ['marie aime les chevaux gris', null],
    ['onze lettre', 'too-short'],
    ['x'.repeat(257), 'too-long'],
    ['abababababab', 'pattern'],
    ['abcdefghijklmn', 'pattern'],
    ['98765432109876', 'pattern'],
    ['Tremblay-marie-1', 'personal'],
    ['Passerelle2026', 'personal'],
    ['1qaz2wsx3edc', 'common'],
    ['PASSWORD1234!', 'common'],
    ['2026clinique!', 'personal'],
    ['!!!canadiens99', 'common'],
    ['sunshine1sunshine1', 'common'],
  ];
  for (const [text, expected] of cases) {
    it(`${text.slice(0, 30)}: ${expected ?? 'serves'}`, () => expect(problem(text)).to.equal(expected));
  }

  it('of twenty random letters serves, and is judged alike however its letters are composed', () => {
    const letters = fc.string({
      unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzéèç'),
      minLength: 20,
      maxLength: 40,
    });
    fc.assert(
      fc.property(letters, (text) => {
        fc.pre(new Set(text.normalize('NFKC')).size > 8);
        expect(problem(text)).to.equal(null);
        expect(problem(text.normalize('NFD'))).to.equal(problem(text.normalize('NFC')));
      }),
      { seed: 6, numRuns: 200 },
    );
  });
});
