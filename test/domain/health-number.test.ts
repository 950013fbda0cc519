import { expect } from 'chai';
import { hasNamCheckDigit, namCheckDigit, namProblem, normalNam } from '../../src/domain/health-number.ts';
import { fakeNam } from '../support/fake-patients.ts';

/** All numbers are made up, or examples that were published. */

describe('a health insurance number', () => {
  it('is read however the card prints it', () => {
    expect(normalNam(' fica 0101\u00a00113 ')).to.equal('FICA01010113');
  });

  const rows: [nam: string, birthDate: string | null, problem: ReturnType<typeof namProblem>][] = [
    ['FICA01010113', null, null],
    ['FICA01010113', '2001-01-01', null],
    ['FICA01010113', '1901-01-01', null],
    ['FICA01010113', '2001-01-02', 'birth-date'],
    ['FICA01010113', '1801-01-01', 'birth-date'],
    ['FICA98621213', '1998-12-12', null],
    ['FICA98621213', '1998-12-13', 'birth-date'],
    ['FICA01011', null, 'form'],
    ['FICA010101134', null, 'form'],
    ['FIC101010113', null, 'form'],
    ['FICÉ01010113', null, 'form'],
    ['fica01010113', null, 'form'],
    ['FICA0101011A', null, 'form'],
    ['', null, 'form'],
    ['FICA01000113', null, 'date'],
    ['FICA01130113', null, 'date'],
    ['FICA01500113', null, 'date'],
    ['FICA01630113', null, 'date'],
    ['FICA01993113', null, 'date'],
    ['FICA01010013', null, 'date'],
    ['FICA01023013', null, 'date'],
    ['FICA01043113', null, 'date'],
    ['FICA04522913', '2004-02-29', null],
    // 2000 was a leap year, 1900 was none.
    ['FICA00022913', null, null],
    ['FICA00022913', '2000-02-29', null],
    ['FICA01022913', null, 'date'],
    // No date at all, as older browsers send it.
    ['FICA01010113', '0000-00-00', 'birth-date'],
  ];
  for (const [nam, birthDate, problem] of rows) {
    it(`${nam || 'nothing'}, ${birthDate ?? 'no birth date'}: ${problem ?? 'nothing wrong'}`, () => {
      expect(namProblem(nam, birthDate)).to.equal(problem);
    });
  }

  describe('has a check digit', () => {
    // petalmd/health_card 0.1.0, spec/validators/canada/quebec_validator_spec.rb.
    const published = [
      ...['AAAA01010112', 'BAAA01010113', 'ZAAA01010112', 'ABAA01010115', 'AZAA01010112', 'AABA01010119'],
      ...['AAZA01010112', 'AAAB01010111', 'AAAZ01010112', 'AAAA02010115', 'AAAA99010115', 'AAAA01020119'],
      ...['AAAA01120114', 'AAAA01010211', 'AAAA01013110', 'AAAA01010123', 'AAAA01010190', 'AAAA01510117'],
      // documentation.clicsante.ca/fhir/base/nam.html
      'TEST54122816',
    ];
    for (const nam of published) {
      it(`of ${nam}`, () => expect(hasNamCheckDigit(nam, null)).to.equal(true));
    }

    it('that depends on the century', () => {
      expect([19, 20].map((century) => namCheckDigit('AAAA010101', century))).to.not.deep.equal([2, 2]);
      expect(hasNamCheckDigit('AAAA01010112', '1901-01-01')).to.equal(true);
      expect(hasNamCheckDigit('AAAA01010112', '2001-01-01')).to.equal(false);
      expect(hasNamCheckDigit('AAAA01010110', '2001-01-01')).to.equal(true);
    });

    it('that tells one wrong digit of the date from the right one, and most letters', () => {
      const nam = fakeNam('FICA', '1987-03-14');
      for (const place of [4, 5, 6, 7, 8, 9, 10]) {
        const wrong = nam.slice(0, place) + ((Number(nam[place]) + 1) % 10) + nam.slice(place + 1);
        expect(hasNamCheckDigit(wrong, '1987-03-14'), wrong).to.equal(false);
      }
    });
  });

  it('can be made up', () => {
    expect(fakeNam('FICA', '2001-01-01')).to.equal('FICA01010113');
    for (const [birthDate, options] of [
      ['1950-12-31', {}],
      ['2012-02-29', { isOfWoman: true, number: 7 }],
    ] as const) {
      const nam = fakeNam('EXEM', birthDate, options);
      expect(namProblem(nam, birthDate)).to.equal(null);
      expect(hasNamCheckDigit(nam, birthDate)).to.equal(true);
    }
  });
});
