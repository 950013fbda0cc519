import { expect } from 'chai';
import type { Adapter } from '../../src/adapter/contract.ts';
import { Untried } from '../../src/conformance/case.ts';
import { type Staging, stagePlatform } from '../../src/conformance/staging.ts';
import { CASES, runCase, SUBJECTS } from '../../src/conformance/suite.ts';
import type { PlatformTarget } from '../../src/conformance/target.ts';
import { ASKING } from './broken/asking.ts';
import { type Broken, RIGHT, type Right } from './broken/broken.ts';
import { CALENDARS } from './broken/calendars.ts';
import { FAULTS } from './broken/faults.ts';
import { LISTENING } from './broken/listening.ts';
import { LISTS } from './broken/lists.ts';
import { MOVING } from './broken/moving.ts';
import { NIGHTS } from './broken/nights.ts';
import { READING } from './broken/reading.ts';
import { SHIFTS } from './broken/shifts.ts';
import { WEBHOOK } from './broken/webhook.ts';
import { WRITING } from './broken/writing.ts';
import { caseOf } from './cases.ts';

/** The suite, tried on adapters that are each wrong in one way: a case that lets its fault through is worthless. */

const BROKEN: Record<string, readonly Broken[]> = {
  reading: READING,
  writing: WRITING,
  moving: MOVING,
  faults: FAULTS,
  nights: NIGHTS,
  webhook: WEBHOOK,
  listening: LISTENING,
  lists: LISTS,
  asking: ASKING,
  shifts: SHIFTS,
  calendars: CALENDARS,
};

const targetOf = (right: Right, adapter: Adapter): PlatformTarget => ({ ...RIGHT[right], adapter });

for (const [subject, cases] of Object.entries(BROKEN)) {
  describe(`the conformance suite, of ${subject}, fails an adapter that`, () => {
    const stagings = new Map<Right, Staging>();
    const stagingOf = (right: Right): Staging => {
      const found = stagings.get(right) ?? stagePlatform(targetOf(right, RIGHT[right].adapter));
      stagings.set(right, found);
      return found;
    };
    after(async () => {
      for (const staging of stagings.values()) await staging.close();
    });

    /** Why the case fails with this adapter, or null. */
    const failureOf = (id: string, right: Right, adapter: Adapter): Promise<unknown> =>
      runCase(caseOf(id), targetOf(right, adapter), stagingOf(right)).then(
        () => null,
        (error: unknown) => error,
      );
    const held = new Map<string, unknown>();

    for (const { wrong, caught, right, adapter } of cases) {
      it(`${wrong} (${caught.join(', ')})`, async () => {
        for (const id of caught) {
          // The same case holds for the adapter as it is: so it is the fault that fails it.
          const key = `${right} ${id}`;
          if (!held.has(key)) held.set(key, await failureOf(id, right, RIGHT[right].adapter));
          expect(held.get(key), `${id}, of the right adapter`).to.equal(null);
          const failure = await failureOf(id, right, adapter);
          expect(failure, `${id} lets it through`).to.be.instanceOf(Error);
          expect(failure, id).not.to.be.instanceOf(Untried);
        }
      });
    }
  });
}

describe('the conformance suite', () => {
  it('names each case once', () => {
    const ids = CASES.map(({ id }) => id);
    expect(new Set(ids).size).to.equal(ids.length);
  });

  it('has no case without a broken adapter that it fails', () => {
    const caught = new Set(
      Object.values(BROKEN)
        .flat()
        .flatMap((each) => each.caught),
    );
    expect(CASES.map(({ id }) => id).filter((id) => !caught.has(id))).to.deep.equal([]);
  });

  it('has broken adapters for each of its subjects', () => {
    expect(Object.keys(BROKEN)).to.deep.equal(SUBJECTS.map(([subject]) => subject));
  });
});
