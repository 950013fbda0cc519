import { expect } from 'chai';
import fc from 'fast-check';
import {
  ALL_SCOPES,
  commonScopes,
  DUTIES,
  hasDuty,
  isWithin,
  PERMISSIONS,
  permits,
  readScopes,
  type Scopes,
  writeScopes,
} from '../../src/domain/access.ts';

describe('scopes', () => {
  const read = (text: string): string => writeScopes(readScopes(text).scopes);

  it('are read in the form of SMART 2, and of SMART 1', () => {
    expect(read('system/Slot.rs')).to.equal('system/Slot.rs');
    expect(read('user/Slot.rs')).to.equal('system/Slot.rs');
    expect(read('system/Slot.read')).to.equal('system/Slot.rs');
    expect(read('system/Slot.write')).to.equal('system/Slot.cud');
    expect(read('system/*.*')).to.equal('system/*.cruds');
    expect(read('system/Slot.r system/Slot.s passerelle/status')).to.equal(
      'passerelle/status system/Slot.rs',
    );
  });

  const wrong = [
    'system/Slot.sr',
    'system/Slot.',
    'system/slot.rs',
    'System/Slot.rs',
    'patient/Slot.rs',
    'system/Slot.rs?status=free',
    'system/Slot.x',
    'system/Sl*t.rs',
    'openid',
    'passerelle/everything',
    'passerelle/constructor',
    '*',
  ];
  for (const scope of wrong) {
    it(`allow nothing where they are none: ${scope}`, () => {
      expect(readScopes(scope)).to.deep.equal({
        scopes: { types: new Map(), duties: new Set() },
        unknown: [scope],
      });
    });
  }

  const TYPES = ['*', 'Slot', 'Appointment', 'Patient'];
  const some: fc.Arbitrary<Scopes> = fc
    .record({
      types: fc.dictionary(fc.constantFrom(...TYPES), fc.subarray([...PERMISSIONS], { minLength: 1 })),
      duties: fc.subarray([...DUTIES]),
    })
    .map(({ types, duties }) => ({
      types: new Map(Object.entries(types).map(([type, letters]) => [type, letters.join('')])),
      duties: new Set(duties),
    }));
  const everyNeed = ['Slot', 'Appointment', 'Patient', 'Location'].flatMap((type) =>
    PERMISSIONS.map((permission) => ({ type, permission })),
  );

  it('are the same when they are written and read', () => {
    fc.assert(
      fc.property(some, (scopes) => {
        expect(read(writeScopes(scopes))).to.equal(writeScopes(scopes));
      }),
      {
        seed: 6,
      },
    );
  });

  it('in common allow what both allow, and nothing else', () => {
    fc.assert(
      fc.property(some, some, (a, b) => {
        const common = commonScopes(a, b);
        for (const need of everyNeed) {
          const both = permits({ scopes: a }, need) && permits({ scopes: b }, need);
          expect(permits({ scopes: common }, need)).to.equal(both);
        }
        for (const duty of DUTIES) {
          expect(hasDuty({ scopes: common }, duty)).to.equal(a.duties.has(duty) && b.duties.has(duty));
        }
      }),
      { seed: 6 },
    );
  });

  it('are within others where those allow all that they allow', () => {
    fc.assert(
      fc.property(some, some, (a, b) => {
        expect(isWithin(commonScopes(a, b), a)).to.equal(true);
        expect(isWithin(a, ALL_SCOPES)).to.equal(true);
        if (!isWithin(a, b)) return;
        for (const need of everyNeed) {
          if (permits({ scopes: a }, need)) expect(permits({ scopes: b }, need)).to.equal(true);
        }
      }),
      { seed: 6 },
    );
    expect(isWithin(readScopes('system/*.r').scopes, readScopes('system/Slot.r').scopes)).to.equal(false);
    expect(isWithin(readScopes('system/Slot.r').scopes, readScopes('system/*.rs').scopes)).to.equal(true);
  });
});
