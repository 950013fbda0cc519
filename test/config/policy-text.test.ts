import { expect } from 'chai';
import fc from 'fast-check';
import { policyText, readPolicy } from '../../src/config/policy-text.ts';
import { DEFAULT_POLICY } from '../../src/domain/schedule.ts';

const hours = fc.integer({ min: 0, max: 200 });
const written = fc.record(
  {
    sharing: fc.oneof(
      fc.constantFrom('shared' as const, 'hold-first' as const),
      fc.record({
        mode: fc.constant('allotted' as const),
        shares: fc.record({ east: fc.integer({ min: 1, max: 9 }), west: fc.integer({ min: 1, max: 9 }) }),
        pooledHoursBefore: hours,
        unitMinutes: fc.constantFrom(15, 60, 1440),
      }),
    ),
    failover: fc.oneof(
      fc.constantFrom('refuse' as const, 'accept' as const),
      fc.record({
        mode: fc.constant('accept' as const),
        forHours: fc.integer({ min: 1, max: 99 }),
        untilHoursBefore: hours,
      }),
    ),
    release: fc.oneof(
      fc.constant('always' as const),
      fc.record({ hoursBefore: fc.integer({ min: 1, max: 99 }) }),
      fc.record({ atMidnight: fc.record({ daysBefore: fc.integer({ min: 0, max: 9 }) }) }),
    ),
    holds: fc.record({
      minutes: fc.integer({ min: 1, max: 10 }),
      maxMinutes: fc.integer({ min: 10, max: 60 }),
    }),
    cancellation: fc.record({ untilHoursBefore: hours }),
    conflicts: fc.constantFrom('ask' as const, 'keep-first' as const),
    freshnessMinutes: fc.integer({ min: 1, max: 60 }),
    roster: fc.record({ withdrawn: fc.constantFrom('close' as const, 'report' as const) }),
  },
  { requiredKeys: [] },
);

describe('a policy as it stands in the file', () => {
  it('is read, written and read again as the same', () => {
    fc.assert(
      fc.property(written, (text) => {
        const { policy } = readPolicy(text);
        expect(policy).not.to.equal(null);
        if (policy) expect(readPolicy(policyText(policy)).policy).to.deep.equal(policy);
      }),
    );
  });

  it('leaves out what is as it is by default', () => {
    expect(policyText(DEFAULT_POLICY)).to.deep.equal({});
    expect(readPolicy({}).policy).to.deep.equal(DEFAULT_POLICY);
    expect(policyText({ ...DEFAULT_POLICY, conflicts: 'keep-first' })).to.deep.equal({
      conflicts: 'keep-first',
    });
  });

  it('is told what is wrong with it, where', () => {
    const told = (value: unknown) =>
      readPolicy(value).problems?.map(({ path, message }) => [path.join('.'), message]);
    expect(told({ conflicts: 'keep-last' })).to.deep.equal([
      ['conflicts', 'must be one of ask, keep-first; did you mean "keep-first"?'],
    ]);
    expect(told({ holds: { minutes: 9, maxMinutes: 5 } })).to.deep.equal([
      ['holds.minutes', 'must be maxMinutes at the most'],
    ]);
    expect(told('shared')?.[0]?.[0]).to.equal('');
  });
});
