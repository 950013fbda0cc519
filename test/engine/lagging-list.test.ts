import { expect } from 'chai';
import { manifest } from '../../adapters/rvsq/manifest.ts';
import type { Platform } from '../../src/adapter/contract.ts';
import type { ObservedBusy } from '../../src/adapter/observation.ts';
import { type Instant, MINUTE, plus, SECOND } from '../../src/domain/instant.ts';
import { observe, WHOLE_CONNECTION } from '../../src/engine/observe.ts';
import { type ManualClock, manualClock } from '../adapter/manual-clock.ts';
import { at, entries, span } from '../support/clinic.ts';
import { freshPglite, type OpenDatabase } from '../support/databases.ts';
import { engineContext } from '../support/engine-context.ts';

const FEED = { connectionId: 'west', feedId: WHOLE_CONNECTION };
const LAG = manifest.limits.stalenessMilliseconds;

/** Its list comes from a copy that lags as far as the platform declares; its changes, and their cursor, do not. */
class Platforms {
  readonly reads: ('whole' | 'delta')[] = [];
  isForgetful = false;
  readonly #clock: ManualClock;
  readonly #bookings: { readonly at: Instant; readonly row: ObservedBusy }[] = [];

  constructor(clock: ManualClock) {
    this.#clock = clock;
  }

  sell(minutes: number): void {
    const row: ObservedBusy = {
      kind: 'busy',
      busyKind: 'appointment',
      externalId: `w-${minutes}`,
      calendar: 'w-doctor',
      interval: span(minutes, minutes + 20),
      mark: null,
      revision: null,
      sequence: null,
      changedAt: this.#clock.now(),
      expiresAt: null,
    };
    this.#bookings.push({ at: this.#clock.now(), row });
  }

  get read(): Platform['read'] {
    const all = this.#bookings;
    const rows = (found: typeof all) =>
      ({ kind: 'rows', rows: found.map(({ row }) => row), removed: [], rejected: [] }) as const;
    const read = async function* (this: Platforms, { cursor, window }: Parameters<Platform['read']>[0]) {
      this.reads.push(cursor === null ? 'whole' : 'delta');
      if (cursor !== null && this.isForgetful) {
        this.isForgetful = false;
        yield { kind: 'cursorExpired' } as const;
        return;
      }
      const now = this.#clock.now();
      yield cursor === null
        ? rows(all.filter((each) => each.at <= now - LAG))
        : rows(all.slice(Number(cursor)));
      yield { kind: 'end', complete: cursor === null ? window : null, cursor: String(all.length) } as const;
    };
    return read.bind(this);
  }
}

describe('a list that lags behind its cursor', () => {
  let opened: OpenDatabase;
  before(async () => {
    opened = await freshPglite();
  });
  after(() => opened?.drop());

  const start = async () => {
    await opened.database.script(
      'delete from listing; delete from appointment; delete from busy_period; delete from feed',
    );
    const clock = manualClock(at(-60));
    const platform = new Platforms(clock);
    const context = engineContext(opened.database, { platform: { read: platform.read }, manifest, clock });
    await context.store.applyDirectory(entries(), [FEED]);
    const poll = async (milliseconds: number) => {
      await clock.advance(milliseconds);
      const signal = new AbortController().signal;
      const { outcome } = await observe(context, FEED, { signal, force: true });
      expect(outcome).to.equal('read');
    };
    const calendar = { connectionId: 'west', calendar: 'w-doctor' };
    const asOf = async () =>
      (await context.store.transaction((transaction) => transaction.calendarsSeen([calendar])))[0]?.asOf;
    return { platform, clock, poll, asOf };
  };
  const known = async (): Promise<string[]> =>
    (
      await opened.database.query<{ external_id: string }>(
        "select external_id from listing where kind = 'booking' and known is not null order by start_ms",
      )
    ).map((row) => row.external_id);

  it('is read again when it shows all that was before the cursor, and only once', async () => {
    const { platform, poll } = await start();
    platform.sell(0);
    await poll(SECOND);
    expect(await known(), 'it is before the cursor, and not on the list').to.deep.equal([]);
    await poll(SECOND);
    expect(await known()).to.deep.equal([]);
    await poll(LAG);
    expect(await known()).to.deep.equal(['w-0']);
    await poll(MINUTE);
    await poll(MINUTE);
    expect(platform.reads).to.deep.equal(['whole', 'delta', 'whole', 'delta', 'delta']);
  });

  it('is known only as far as it showed, until it is read again', async () => {
    const { clock, poll, asOf } = await start();
    await poll(SECOND);
    const first = plus(clock.now(), -LAG);
    expect(await asOf()).to.equal(first);
    await poll(SECOND);
    expect(await asOf(), 'no delta tells what the list did not show').to.equal(first);
    await poll(LAG);
    expect(await asOf()).to.equal(plus(clock.now(), -LAG));
    await poll(SECOND);
    expect(await asOf()).to.equal(plus(clock.now(), -LAG));
  });

  it('loses nothing that was sold about the second reading, as the cursor stays the first one’s', async () => {
    const { platform, clock, poll } = await start();
    await poll(SECOND);
    await clock.advance(LAG);
    platform.sell(0);
    await poll(SECOND);
    expect(platform.reads).to.deep.equal(['whole', 'whole']);
    expect(await known()).to.deep.equal([]);
    await poll(SECOND);
    expect(await known()).to.deep.equal(['w-0']);
  });

  it('is read twice again after its cursor had expired', async () => {
    const { platform, poll } = await start();
    await poll(SECOND);
    await poll(MINUTE);
    platform.isForgetful = true;
    platform.sell(20);
    await poll(SECOND);
    expect(await known()).to.deep.equal([]);
    await poll(MINUTE);
    expect(await known()).to.deep.equal(['w-20']);
    expect(platform.reads).to.deep.equal(['whole', 'whole', 'delta', 'whole', 'whole']);
  });
});
