import { expect } from 'chai';
import type { FoundCalendars, Platform } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import { tryPlatform } from '../../src/adapter/trial.ts';

/** A connection that is tried before anybody relies on it. */

const LISTED: FoundCalendars = {
  found: [{ id: 'a', name: null, practitionerName: 'Alex Fictif', identifiers: [], location: null }],
  complete: true,
};

describe('a trial of a connection', () => {
  let closed: number;
  beforeEach(() => {
    closed = 0;
  });

  const platform = (more: Partial<Platform>): Platform => ({
    read: async function* () {
      yield { kind: 'cursorExpired' };
      throw new Error('a trial reads nothing');
    },
    operations: {},
    check: async () => undefined,
    close: async () => {
      closed += 1;
    },
    ...more,
  });
  const clock = () => {
    let now = 1_000.4;
    return () => {
      now += 20;
      return now;
    };
  };
  const tried = (more: Partial<Platform>, timeout = 5_000) =>
    tryPlatform(() => platform(more), clock(), timeout);
  const never = new Promise<never>(() => undefined);
  afterEach(() => expect(closed, 'it is closed, whatever was found').to.equal(1));

  it('says how long its cheapest call took, and which calendars there are', async () => {
    const found = await tried({ calendars: async () => LISTED });
    expect(found).to.deep.equal({ milliseconds: 20, failure: null, calendars: LISTED });
  });

  it('asks a platform that cannot list for nothing', async () => {
    expect(await tried({})).to.deep.include({ failure: null, calendars: null });
  });

  it('asks one that cannot be reached for nothing more', async () => {
    const { failure, calendars } = await tried({
      check: async () => {
        throw new Fault('unauthorized', 'HTTP 401');
      },
      calendars: async () => {
        throw new Error('it was asked');
      },
    });
    expect([failure?.kind, calendars]).to.deep.equal(['unauthorized', null]);
  });

  it('tells a list that failed from a platform that cannot be reached', async () => {
    const { failure, calendars } = await tried({
      calendars: async () => {
        throw new Fault('malformed', 'HTTP 404');
      },
    });
    expect(failure).to.equal(null);
    expect(calendars && 'kind' in calendars && calendars.kind).to.equal('malformed');
  });

  it('tells a defect of the adapter from a fault, thrown at once or later', async () => {
    const thrown = (): never => {
      throw new TypeError('x is not a function');
    };
    for (const check of [thrown, async () => thrown()]) {
      expect((await tried({ check })).failure?.kind).to.equal('unexpected');
      closed -= 1;
    }
    closed += 1;
  });

  it('gives up in time, also where the adapter does not look at the signal', async () => {
    expect((await tried({ check: () => never }, 20)).failure?.kind).to.equal('unavailable');
    const { failure, calendars } = await tried({ calendars: () => never }, 20);
    closed -= 1;
    expect(failure).to.equal(null);
    expect(calendars && 'kind' in calendars && calendars.kind).to.equal('unavailable');
  });

  it('has found what it found where the platform cannot be closed', async () => {
    const close = async (): Promise<void> => {
      closed += 1;
      throw new Error('already closed');
    };
    expect(await tried({ close, calendars: async () => LISTED })).to.deep.include({ calendars: LISTED });
  });

  it('says so where the platform cannot be made of its settings at all', async () => {
    const { failure } = await tryPlatform(() => {
      throw new Fault('malformed', 'the key is no PEM');
    }, clock());
    expect(failure?.kind).to.equal('malformed');
    closed += 1;
  });
});
