import { expect } from 'chai';
import { formatOf, readLocal, writeLocal } from '../../src/described/local-time.ts';
import { formatInstant, parseInstant } from '../../src/domain/instant.ts';

const TORONTO = 'America/Toronto';
const read = (text: string, format: string): string =>
  formatInstant(readLocal(text, formatOf(format), TORONTO));

describe('local times by a named format', () => {
  for (const [local, format, utc] of [
    ['24/11/2026 09:20', 'DD/MM/YYYY HH:mm', '2026-11-24T14:20:00.000Z'],
    ['2026-11-24T09:20:30', 'YYYY-MM-DDTHH:mm:ss', '2026-11-24T14:20:30.000Z'],
    ['202611240920', 'YYYYMMDDHHmm', '2026-11-24T14:20:00.000Z'],
    // The clocks go back: 01:30 happens twice, and the first is meant.
    ['2026-11-01 01:30', 'YYYY-MM-DD HH:mm', '2026-11-01T05:30:00.000Z'],
    // They go forward: 02:30 does not happen, and is as long after midnight as it says.
    ['2026-03-08 02:30', 'YYYY-MM-DD HH:mm', '2026-03-08T07:30:00.000Z'],
  ] as const) {
    it(`${local} by ${format} is ${utc}`, () => expect(read(local, format)).to.equal(utc));
  }

  it('is refused where the text is not of the format, or is no time', () => {
    for (const [local, format] of [
      ['11/24/2026 09:20', 'DD/MM/YYYY HH:mm'],
      ['24/11/2026 9:20', 'DD/MM/YYYY HH:mm'],
      ['24/11/2026 09:20 ', 'DD/MM/YYYY HH:mm'],
      ['24/11/2026 09:20Z', 'DD/MM/YYYY HH:mm'],
      ['2026-02-30 09:20', 'YYYY-MM-DD HH:mm'],
      ['2026-11-24 24:00', 'YYYY-MM-DD HH:mm'],
      ['٢٠٢٦-11-24 09:20', 'YYYY-MM-DD HH:mm'],
    ] as const)
      expect(() => read(local, format), local).to.throw(RangeError);
  });

  it('is written as it is read', () => {
    const at = parseInstant('2026-11-24T14:20:30Z');
    for (const format of ['DD/MM/YYYY HH:mm:ss', 'YYYYMMDDTHHmmss'])
      expect(readLocal(writeLocal(at, formatOf(format), TORONTO), formatOf(format), TORONTO)).to.equal(at);
    expect(writeLocal(at, formatOf('YYYY-MM-DD'), TORONTO)).to.equal('2026-11-24');
  });

  it('says what a format may have', () => {
    expect(() => formatOf('yyyy-MM-DD')).to.throw('has "y": write it of YYYY, MM, DD, HH, mm, ss');
    expect(() => formatOf('YYYY-MM-MM')).to.throw('has MM twice');
  });
});
