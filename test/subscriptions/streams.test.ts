import { expect } from 'chai';
import { instant, MINUTE, SECOND } from '../../src/domain/instant.ts';
import type { Match, StreamEvent, Streamed, Streams } from '../../src/engine/ports/subscriptions.ts';
import { type Bell, createBell } from '../../src/subscriptions/bell.ts';
import { createStreams } from '../../src/subscriptions/streams.ts';
import { systemEnvironment } from '../../src/system/environment.ts';
import { type ManualClock, manualClock } from '../adapter/manual-clock.ts';
import { onEachDatabase } from '../support/databases.ts';
import { readable } from '../support/horizon.ts';
import { anySlot, CLEAN, type ToldClinic, toldClinic } from '../support/told-clinic.ts';

const SLOTS: Streamed = {
  resourceType: 'Slot',
  criteria: 'Slot?',
  base: 'http://here/fhir',
  organizationId: null,
};

const brief = (event: StreamEvent): string => {
  if (event.type === 'reset' || event.type === 'alive') return event.type;
  const { id, meta, deleted } = JSON.parse(event.data);
  return `${Number.parseInt(id.slice(-2), 16)} ${deleted ? 'gone' : `v${meta.versionId}`}`;
};

describe('a stream of changes', () => {
  onEachDatabase((open) => {
    let clinic: ToldClinic;
    let clock: ManualClock;
    let bell: Bell;
    let streams: Streams;
    let left: AbortController;
    beforeEach(async () => {
      await open().script(CLEAN);
      clinic = await toldClinic(open(), instant(0));
      clock = manualClock(instant(1_000_000));
      bell = createBell(clock);
      left = new AbortController();
      streams = process();
    });
    afterEach(() => streams.close());

    const process = (match: Match = anySlot(open())): Streams =>
      createStreams({ store: clinic.store, match, clock, ids: systemEnvironment.ids, bell });
    const follow = (
      lastEventId: string | null,
      from = streams,
      wanted: Streamed[] = [SLOTS],
      by = 'token:1',
    ) => {
      const stream = from.open(by, wanted, lastEventId, left.signal);
      if (!stream) throw new Error('too many streams');
      return stream;
    };
    /** The next event, however many looks it takes. */
    const next = async (stream: AsyncGenerator<StreamEvent>): Promise<StreamEvent> => {
      await readable(open());
      let done = false;
      const event = stream.next().finally(() => {
        done = true;
      });
      while (!done) {
        bell.ring();
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      const { value } = await event;
      if (!value) throw new Error('the stream has ended');
      return value;
    };
    const nexts = async (stream: AsyncGenerator<StreamEvent>, count: number): Promise<StreamEvent[]> => {
      const events: StreamEvent[] = [];
      for (let n = 0; n < count; n += 1) events.push(await next(stream));
      return events;
    };
    const written = () => open().query<{ n: number }>('select count(*)::integer as n from change');

    it('begins with a reset, and tells what comes after it', async () => {
      await clinic.write(1);
      const stream = follow(null);
      expect(brief(await next(stream))).to.equal('reset');
      await clinic.write(2);
      await clinic.write(1);
      await clinic.remove(2);
      await clinic.write(3);
      expect((await nexts(stream, 3)).map(brief)).to.deep.equal(['1 v2', '2 gone', '3 v1']);
    });

    it('goes on after the last event that its client had, also in another process', async () => {
      const stream = follow(null);
      await next(stream);
      await clinic.write(1, 2, 3);
      const [first] = await nexts(stream, 3);
      await stream.return(undefined);
      await clinic.write(4);
      expect((await nexts(follow(first?.id ?? ''), 3)).map(brief)).to.deep.equal(['2 v1', '3 v1', '4 v1']);
      streams.close();
      const other = process();
      expect((await nexts(follow(first?.id ?? '', other), 1)).map(brief)).to.deep.equal(['2 v1']);
      other.close();
    });

    it('tells its place while nothing happens, so that it can go on from there', async () => {
      const stream = follow(null);
      const reset = await next(stream);
      await clinic.write(9);
      await clinic.remove(9);
      expect(brief(await next(stream))).to.equal('9 gone');
      const quiet = stream.next();
      await clock.advance(16 * SECOND);
      await readable(open());
      bell.ring();
      const { value: alive } = await quiet;
      expect(alive).to.have.property('type', 'alive');
      expect(alive?.id).to.not.equal(reset.id);
      await open().script('delete from change');
      await stream.return(undefined);
      await clinic.write(1);
      expect(brief(await next(follow(alive?.id ?? '')))).to.equal('1 v1');
    });

    for (const [what, id] of Object.entries({
      'no position': 'yesterday',
      'a position that no database has': '99999999999999999999-1',
      'a position of another database': '18446744073709551615-1',
      'the very beginning': '0-0',
    })) {
      it(`begins anew after ${what}`, async () => {
        await clinic.write(1);
        const stream = follow(id);
        expect(brief(await next(stream))).to.equal('reset');
        await clinic.write(2);
        expect(brief(await next(stream))).to.equal('2 v1');
      });
    }

    it('begins anew where something was erased that its client has not had', async () => {
      const stream = follow(null);
      const reset = await next(stream);
      await clinic.write(1, 2);
      await readable(open());
      await clinic.store.eraseChanges({ now: clock.now(), retained: 1, limit: 10 });
      // Also one that is open, and has not come that far.
      expect(brief(await next(stream))).to.equal('reset');
      expect(brief(await next(follow(reset.id)))).to.equal('reset');
    });

    it('begins anew where nobody listened meanwhile', async () => {
      const stream = follow(null);
      await next(stream);
      await clinic.write(1);
      const event = await next(stream);
      await stream.return(undefined);
      await clinic.store.eraseChanges({ now: instant(clock.now() + 3 * MINUTE), retained: 10, limit: 10 });
      await clinic.write(2);
      expect(brief(await next(follow(event.id)))).to.equal('reset');
    });

    it('has changes written as long as it is open, and no longer', async () => {
      const stream = follow(null);
      await next(stream);
      const erase = () => clinic.store.eraseChanges({ now: clock.now(), retained: 0, limit: 10 });
      for (let minute = 0; minute < 5; minute += 1) {
        await clock.advance(MINUTE);
        await clinic.write(1);
        expect(brief(await next(stream))).to.match(/^1 v/);
        await erase();
      }
      await stream.return(undefined);
      await clock.advance(3 * MINUTE);
      await erase();
      await erase();
      await clinic.write(1);
      expect((await written())[0]?.n).to.equal(0);
    });

    it('tells of what its searches find, each resource once', async () => {
      const odd: Match = async (asked, ids) => {
        const all = (await anySlot(open())(asked, ids)) ?? new Map();
        const wanted = asked.criteria === 'Slot?odd' ? 1 : 0;
        return new Map([...all].filter(([id]) => Number.parseInt(id.slice(-2), 16) % 2 === wanted));
      };
      const picky = process(odd);
      const one = follow(null, picky, [{ ...SLOTS, criteria: 'Slot?odd' }]);
      const both = follow(null, picky, [
        { ...SLOTS, criteria: 'Slot?odd' },
        { ...SLOTS, criteria: 'Slot?even' },
        { ...SLOTS, criteria: 'Slot?odd' },
      ]);
      const none = follow(null, picky, [{ ...SLOTS, resourceType: 'Appointment', criteria: 'Appointment' }]);
      for (const stream of [one, both, none]) expect(brief(await next(stream))).to.equal('reset');
      await clinic.write(1, 2, 3);
      await clinic.write(2);
      await clinic.remove(3);
      expect((await nexts(one, 2)).map(brief)).to.deep.equal(['1 v1', '3 gone']);
      expect((await nexts(both, 3)).map(brief)).to.deep.equal(['1 v1', '2 v2', '3 gone']);
      const silent = none.next();
      await clock.advance(16 * SECOND);
      await readable(open());
      bell.ring();
      expect((await silent).value).to.have.property('type', 'alive');
      picky.close();
    });

    it('tells nobody of one organization what is gone of another, nor that it was there', async () => {
      await open().query(`update schedule set organization_id = 'theirs'`);
      const ours = follow(null, streams, [{ ...SLOTS, organizationId: 'ours' }]);
      const theirs = follow(null, streams, [{ ...SLOTS, organizationId: 'theirs' }]);
      const all = follow(null);
      for (const stream of [ours, theirs, all]) expect(brief(await next(stream))).to.equal('reset');
      await clinic.write(1);
      await clinic.remove(1);
      expect(brief(await next(theirs))).to.equal('1 gone');
      expect(brief(await next(all))).to.equal('1 gone');
      const silent = ours.next();
      await clock.advance(16 * SECOND);
      await readable(open());
      bell.ring();
      expect((await silent).value).to.have.property('type', 'alive');
    });

    it('ends where its criteria are refused by now', async () => {
      const stream = follow(
        null,
        process(async () => null),
      );
      await next(stream);
      await clinic.write(1);
      const ended = next(stream).then(
        () => null,
        (error: Error) => error.message,
      );
      expect(await ended).to.equal('the stream has ended');
    });

    it('ends when its client leaves, or all are closed, and there are so many at once', async () => {
      const open = (by: string) => streams.open(by, [SLOTS], null, left.signal);
      const many = [1, 2, 3, 4].flatMap((n) => {
        const own = Array.from({ length: 25 }, () => follow(null, streams, [SLOTS], `token:${n}`));
        expect(open(`token:${n}`), 'nobody has more than a quarter').to.equal(null);
        return own;
      });
      expect(open('token:5')).to.equal(null);
      const [first, ...others] = many;
      if (!first) throw new Error('none');
      await next(first);
      await first.return(undefined);
      const again = follow(null);
      await next(again);
      left.abort();
      expect((await again.next()).done).to.equal(true);
      streams.close();
      for (const each of others) expect((await each.next()).done).to.equal(true);
    });
  });
});
