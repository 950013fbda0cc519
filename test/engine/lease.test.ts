import { expect } from 'chai';
import { SECOND } from '../../src/domain/instant.ts';
import { busyFingerprint } from '../../src/domain/listing.ts';
import { deliver } from '../../src/engine/deliver.ts';
import { at, busy, directory, listing, NO_CHANGES, span } from '../support/clinic.ts';
import { onEachDatabase } from '../support/databases.ts';
import { type RuledClinic, ruledClinic } from '../support/ruled-clinic.ts';

/** A platform that takes one call in so long: three wait longer than any lease lasts. */
const TURN_MILLISECONDS = 25 * SECOND;
const NEVER = new AbortController().signal;

describe('a listing that is being written', () => {
  onEachDatabase((open) => {
    let clinic: RuledClinic;

    beforeEach(async () => {
      clinic = await ruledClinic(open(), directory, {
        requests: 1,
        windowMilliseconds: TURN_MILLISECONDS,
        concurrency: 64,
        latencyMilliseconds: 0,
      });
      const wanted = [1, 2, 3].map((n) => span(20 * n, 20 * n + 20));
      await clinic.context.store.transaction((transaction) =>
        transaction.apply(
          {
            ...NO_CHANGES,
            busy: wanted.map((interval, index) => busy(index + 1, interval)),
            listings: wanted.map((interval, index) =>
              listing(index + 1, interval, {
                connectionId: 'west',
                calendar: 'w-doctor',
                kind: 'block',
                home: null,
                desired: busyFingerprint('block', interval),
                known: null,
                externalId: null,
                knownAt: at(-60 * 24),
              }),
            ),
          },
          at(-60 * 24),
        ),
      );
    });

    it('is left alone by others for as long as it waits for its turn', async () => {
      const other = () => deliver(clinic.context, 'west', NEVER);
      let ended = false;
      const others: Promise<void>[] = [];
      const first = other().then(() => {
        ended = true;
      });
      for (let second = 0; !ended; second += 1) {
        await clinic.clock.advance(SECOND);
        // No lease may end before a database that is slower than this clock has been asked to renew it.
        for (let asked = 0; asked < 5; asked += 1) await open().query('select 1');
        // As any process may look, at any time.
        if (second % 7 === 0) others.push(other());
      }
      await first;
      await Promise.all(others);
      const starts = clinic.asked.map(({ startMs }) => startMs);
      expect(starts).to.deep.equal([at(20), at(40), at(60)]);
    });
  });
});
