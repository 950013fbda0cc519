import { expect } from 'chai';
import { changedRules, draftOf, mergedPolicy, policyIn, RULES } from '../../console/src/policies/draft.ts';
import { readPolicy } from '../../src/config/policy-text.ts';

const BOTH = ['east', 'west'];

describe('the form of a policy', () => {
  for (const [what, policy] of [
    ['none', {}],
    [
      'all that is said',
      {
        sharing: { mode: 'allotted', shares: { east: 2, west: 1 }, pooledHoursBefore: 24, unitMinutes: 120 },
        failover: { mode: 'accept', forHours: 96, untilHoursBefore: 2 },
        release: { atMidnight: { daysBefore: 7 } },
        holds: { minutes: 3, maxMinutes: 10 },
        cancellation: { untilHoursBefore: 24 },
        conflicts: 'keep-first',
      },
    ],
    ['words alone', { sharing: 'hold-first', failover: 'accept', release: { hoursBefore: 48 } }],
    ['rules that have no control', { freshnessMinutes: 5 }],
  ] as const) {
    it(`gives back what it was filled with: ${what}`, () => {
      const given = policyIn(draftOf(policy, BOTH));
      expect(given).to.deep.equal(policy);
      expect(readPolicy(given).problems).to.equal(null);
    });
  }

  it('begins a sharing with one part for each, and leaves out whoever has none', () => {
    const draft = { ...draftOf({}, [...BOTH, 'home']), sharing: 'allotted' as const };
    expect(policyIn(draft))
      .to.have.nested.property('sharing.shares')
      .that.deep.equals({ east: 1, west: 1, home: 1 });
    const less = { ...draft, shares: { ...draft.shares, home: '' } };
    expect(policyIn(less)).to.have.nested.property('sharing.shares').that.deep.equals({ east: 1, west: 1 });
  });

  it('sends what is no number as it is, so that it is told what is wrong with it', () => {
    const told = (change: object) =>
      readPolicy(policyIn({ ...draftOf({}, BOTH), ...change })).problems?.map(({ path }) => path.join('.'));
    expect(told({ cancelUntil: 'demain' })).to.deep.equal(['cancellation.untilHoursBefore']);
    expect(told({ holdMost: '' })).to.deep.equal(['holds.maxMinutes']);
    expect(told({ release: 'hoursBefore', releaseHours: '-1' })).to.deep.equal(['release.hoursBefore']);
    expect(told({ cancelUntil: '1,5' }), 'as it is written in French').to.equal(undefined);
  });

  it('says which rules are not what they were', () => {
    const draft = draftOf(
      { sharing: { mode: 'allotted', shares: { west: 1, east: 1 }, pooledHoursBefore: 1 } },
      BOTH,
    );
    const before = policyIn(draft);
    expect(changedRules(before, before)).to.deep.equal([]);
    expect(
      changedRules(before, policyIn({ ...draft, holdMost: '20', conflicts: 'keep-first' })),
    ).to.deep.equal(['holds', 'conflicts']);
    expect(changedRules(before, policyIn({ ...draft, sharing: 'shared' }))).to.deep.equal(['sharing']);
  });

  it('leaves in the file what was not changed as somebody wrote it', () => {
    const written = { sharing: 'shared', failover: 'accept', freshnessMinutes: 5 };
    const policy = policyIn({ ...draftOf(written, BOTH), conflicts: 'keep-first', failover: 'refuse' });
    expect(mergedPolicy(written, policy, ['conflicts', 'failover'])).to.deep.equal({
      ...{ sharing: 'shared', freshnessMinutes: 5, conflicts: 'keep-first' },
    });
    expect(
      mergedPolicy({ holds: { minutes: 9 }, freshnessMinutes: 1 }, { conflicts: 'keep-first' }, RULES),
    ).to.deep.equal({
      ...{ freshnessMinutes: 1, conflicts: 'keep-first' },
    });
  });
});
