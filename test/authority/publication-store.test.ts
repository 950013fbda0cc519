import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import type { Slot } from 'fhir/r4.js';
import { publicationHandler } from '../../src/authority/http.ts';
import { ADMINISTRATOR } from '../../src/domain/access.ts';
import { Directory, type DirectoryEntries } from '../../src/domain/directory.ts';
import {
  DAY,
  formatInstant,
  HOUR,
  type Instant,
  MINUTE,
  parseInstant,
  plus,
} from '../../src/domain/instant.ts';
import type { Freshness } from '../../src/engine/ports/front.ts';
import type { PublicationReader } from '../../src/engine/ports/publication.ts';
import type { Store } from '../../src/engine/ports/store.ts';
import { createStore } from '../../src/store/store.ts';
import { busy, entries, NO_CHANGES, slot, uuid } from '../support/clinic.ts';
import { onEachDatabase } from '../support/databases.ts';
import { faultsOf } from '../support/fhir-validity.ts';
import { linesOf, SHAPES } from '../support/scheduling-links.ts';

/** The publication of a made-up network of clinics from a real database, through the handler that serves it. */

/** A Wednesday; the clocks of Toronto go back on the Sunday. */
const NOW = parseInstant('2026-10-28T08:00:00-04:00');
const DOCTORS = 25;
const DAYS = 14;
const SLOTS_OF_A_DAY = 9;
const LENGTH = 20 * MINUTE;
const FILE = '/fhir/$bulk-publish';

const [place] = entries().locations;
const [connection] = entries().connections;
if (!place || !connection) throw new Error('the made-up clinic has both');

const doctors = Array.from({ length: DOCTORS }, (_, index) => `d${index}`);

const NETWORK: DirectoryEntries = {
  ...entries(),
  practitioners: doctors.map((id) => ({ id, family: id, given: id, prefix: null, identifiers: [] })),
  locations: [
    {
      ...place,
      address: { line: '1, rue Imaginaire', city: 'Montréal', postalCode: 'H0H 0H0' },
      phone: '+1 514 555-0100',
    },
  ],
  schedules: doctors.map((id) => ({
    id: `agenda-${id}`,
    practitionerId: id,
    locationId: place.id,
    serviceId: 'family',
    capacity: 1,
    policy: entries().schedules[0]?.policy ?? expect.fail('it has a policy'),
  })),
  connections: [{ ...connection, horizonMilliseconds: 20 * DAY }],
  calendars: doctors.map((id) => ({
    connectionId: connection.id,
    externalId: id,
    scheduleId: `agenda-${id}`,
    topology: 'block',
  })),
};

/** Every slot: from today 09:00 by UTC-4, some each day, some of it before now. */
const SLOTS = doctors.flatMap((doctor, of) =>
  Array.from({ length: DAYS * SLOTS_OF_A_DAY }, (_, index) => {
    const day = Math.floor(index / SLOTS_OF_A_DAY);
    const start = plus(NOW, day * DAY + ((index % SLOTS_OF_A_DAY) - 2) * LENGTH);
    const number = of * DAYS * SLOTS_OF_A_DAY + index + 1;
    return slot(
      number,
      { start, end: plus(start, LENGTH) },
      {
        connectionId: connection.id,
        calendar: doctor,
        scheduleId: `agenda-${doctor}`,
        attributes: {
          ...slot(0, { start, end: plus(start, LENGTH) }).attributes,
          // With a quote in it, it is no address.
          bookingUrl: number % 2 === 0 ? `https://book.example/é?${number % 4 === 0 ? '"' : number}` : null,
        },
      },
    );
  }),
);
const AHEAD = SLOTS.filter(({ interval }) => interval.start >= NOW);

type Line = Slot & { readonly id: string };
type Told = { readonly status: number; readonly etag: string; readonly text: string };

describe('scheduling links from the database', () => {
  onEachDatabase((open) => {
    let store: Store & PublicationReader;
    let server: Server;
    let now: Instant;
    const stale = new Set<string>();
    let releasedUntil: Instant | null;

    const operations = {
      freshness: (_connectionId: string, calendar: string): Freshness => ({
        confirmedAt: now,
        stale: stale.has(calendar),
      }),
      releasedUntil: () => releasedUntil,
    };

    const serve = async (slotsPerPage: number): Promise<Server> => {
      const handler = publicationHandler({
        directory: new Directory(NETWORK),
        publication: store,
        operations,
        offerings: { schedules: { of: () => null, revision: () => 0 } },
        clock: { now: () => now },
        limits: { schedulesPerFile: 10, slotsPerPage },
        publicUrl: null,
        report: (error) => expect.fail(String(error)),
      });
      const listening = createServer(
        (request, response) => void handler(request, response, () => undefined, ADMINISTRATOR),
      );
      // The validators take their time between two requests.
      listening.keepAliveTimeout = 600_000;
      await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
      return listening;
    };
    const end = (listening: Server): Promise<unknown> =>
      new Promise((resolve) => {
        listening.close(resolve);
        listening.closeAllConnections();
      });

    before(async () => {
      store = createStore(open());
      server = await serve(400);
    });
    after(() => end(server));

    beforeEach(async () => {
      now = NOW;
      releasedUntil = null;
      stale.clear();
      const everything = 'slot, appointment, listing, busy_period, schedule';
      for (const table of everything.split(', ')) await open().script(`delete from ${table}`);
      await store.applyDirectory(NETWORK, []);
      await store.transaction((transaction) => transaction.insertSlots(SLOTS, plus(NOW, -DAY)));
    });

    async function ask(path: string, headers: Record<string, string> = {}, of = server): Promise<Told> {
      const { port } = of.address() as AddressInfo;
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers });
      return { status: answer.status, etag: answer.headers.get('etag') ?? '', text: await answer.text() };
    }
    const pathsOf = async (query: string): Promise<{ type: string; path: string }[]> => {
      const { output }: { output: { type: string; url: string }[] } = JSON.parse(
        (await ask(FILE + query)).text,
      );
      return output.map(({ type, url }) => ({ type, path: new URL(url).pathname + new URL(url).search }));
    };
    const urlsOf = async (query = ''): Promise<string[]> =>
      (await pathsOf(query)).filter(({ type }) => type === 'Slot').map(({ path }) => path);
    const slotsOf = async (query = ''): Promise<Line[]> => {
      const files = [];
      for (const url of await urlsOf(query)) files.push(linesOf((await ask(url)).text) as Line[]);
      return files.flat();
    };
    const take = (number: number, at: Instant, kind: 'appointment' | 'hold' | 'block' = 'appointment') => {
      const taken = SLOTS[number - 1] ?? expect.fail('there is no such slot');
      const period = busy(50_000 + number, taken.interval, {
        actorId: taken.calendar,
        scheduleId: taken.scheduleId,
        kind,
        lane: kind === 'block' ? null : 0,
        changedAt: at,
      });
      return store.transaction((transaction) => transaction.apply({ ...NO_CHANGES, busy: [period] }, at));
    };
    const statusOf = (lines: readonly Line[], number: number): string | undefined =>
      lines.find(({ id }) => id === uuid(number))?.status;
    const ids = (lines: readonly { readonly id: string }[]): string[] => lines.map(({ id }) => id).sort();

    it('has every slot ahead in exactly one file, as both specifications have it and valid R4', async function () {
      this.timeout(300_000);
      for (const [shape, query] of [
        ['2021', ''],
        ['ssl', '?_profile=ssl'],
      ] as const) {
        const urls = await urlsOf(query);
        expect(urls.length).to.equal(12);
        const lines = await slotsOf(query);
        expect(ids(lines)).to.deep.equal(ids(AHEAD));
        expect(new Set(lines.map(({ id }) => id)).size).to.equal(AHEAD.length);
        for (const line of lines) {
          SHAPES[shape].lines.Slot.parse(line);
          expect(faultsOf(line)).to.deep.equal([]);
        }
      }
    });

    it('is in order of start within a file, whatever a page holds', async () => {
      for (const url of await urlsOf()) {
        const starts = (linesOf((await ask(url)).text) as Line[]).map(({ start }) => Date.parse(start));
        expect(starts).to.deep.equal([...starts].sort((a, b) => a - b));
      }
    });

    it('tells where to book as the platform said it, and else the phone of the place', async () => {
      const lines = await slotsOf();
      const extensionOf = (number: number) => lines.find(({ id }) => id === uuid(number))?.extension?.[0];
      expect(extensionOf(3)).to.include({ valueString: '+1 514 555-0100' });
      expect(extensionOf(4)).to.include({ valueString: '+1 514 555-0100' });
      expect(extensionOf(6)).to.include({ valueUrl: 'https://book.example/é?6' });
    });

    it('tells times by the clock of the place on both sides of the change', async () => {
      const starts = (await slotsOf()).map(({ start }) => start);
      expect(starts).to.include('2026-10-31T08:00:00-04:00');
      expect(starts).to.include('2026-11-01T07:00:00-05:00');
      for (const start of starts) expect(start).to.match(/T(06|07|08|09|10):\d0:00-0[45]:00$/);
    });

    it('tells what is taken, held, blocked, withheld, unreleased or in doubt as it is to be told', async () => {
      await take(3, NOW, 'appointment');
      await take(4, NOW, 'hold');
      await take(5, NOW, 'block');
      await store.transaction((transaction) =>
        transaction.markSlots([{ slotId: uuid(6), withheld: true, awaitedBy: null }], NOW),
      );
      stale.add('d1');
      releasedUntil = plus(NOW, 3 * DAY);
      const ofStale = DAYS * SLOTS_OF_A_DAY + 3;
      const unreleased = 3 * SLOTS_OF_A_DAY + 3;
      const numbers = [3, 4, 5, 6, 7, ofStale, unreleased, unreleased - 1];
      const told = async (query: string) => {
        const lines = await slotsOf(query);
        return numbers.map((number) => statusOf(lines, number));
      };
      const no = 'busy-unavailable';
      expect(await told('')).to.deep.equal(['busy', 'busy', 'busy', 'busy', 'free', 'busy', 'busy', 'free']);
      expect(await told('?_profile=ssl')).to.deep.equal([
        'busy',
        'busy-tentative',
        no,
        no,
        'free',
        no,
        no,
        'free',
      ]);
    });

    it('has a tag that stays while the lines do, and no longer', async () => {
      const tags = async (): Promise<Map<string, Told>> => {
        const told = new Map<string, Told>();
        for (const url of await urlsOf()) told.set(url, await ask(url));
        return told;
      };
      const changes: [title: string, change: () => unknown, files: number][] = [
        ['nothing', () => undefined, 0],
        ['a booking', () => take(9, NOW), 1],
        ['a booking elsewhere', () => take(5 * SLOTS_OF_A_DAY + 9, NOW), 1],
        [
          'a withdrawal',
          () =>
            store.transaction((transaction) =>
              transaction.removeSlots(connection.id, [{ externalId: 'slot-10', sequence: null }], NOW),
            ),
          1,
        ],
        ['a source in doubt', () => stale.add('d3'), 3],
        ['a rule', () => (releasedUntil = plus(NOW, 10 * DAY + MINUTE)), 6],
        ['a rule that reaches the next minute', () => (releasedUntil = plus(NOW, 10 * DAY + 2 * MINUTE)), 0],
        ['an hour that goes by', () => (now = plus(NOW, HOUR)), 3],
      ];
      let before = await tags();
      for (const [title, change, files] of changes) {
        await change();
        const after = await tags();
        const changed = [...after].filter(([url, { text }]) => text !== before.get(url)?.text);
        expect(changed, title).to.have.length(files);
        for (const [url, { etag, text }] of after) {
          const last = before.get(url);
          expect(etag === last?.etag, `${title}: ${url}`).to.equal(text === last?.text);
          const again = await ask(url, { 'if-none-match': etag });
          expect(again, `${title}: ${url}`).to.deep.equal({ status: 304, etag, text: '' });
        }
        before = after;
      }
    });

    it('is told by the same tag in one page as in several', async () => {
      const [url = ''] = await urlsOf();
      const told = await ask(url);
      expect(linesOf(told.text).length, 'of more than a page').to.be.above(400);
      const other = await serve(10_000);
      try {
        expect(await ask(url, {}, other)).to.deep.equal(told);
      } finally {
        await end(other);
      }
    });

    describe('of what changed since', () => {
      const since = (at: Instant): string => `?_since=${formatInstant(at)}`;

      it('has the slots that changed, from a bit before, and no others', async () => {
        await take(3, plus(NOW, -2 * HOUR));
        await take(4, plus(NOW, -HOUR));
        await take(5, plus(NOW, -HOUR - MINUTE));
        expect(ids(await slotsOf(since(plus(NOW, -HOUR))))).to.deep.equal(
          ids([4, 5].map((n) => ({ id: uuid(n) }))),
        );
        expect(await slotsOf(since(NOW))).to.deep.equal([]);
        expect(ids(await slotsOf(since(plus(NOW, -2 * DAY))))).to.deep.equal(ids(AHEAD));
        expect((await slotsOf(`${since(plus(NOW, -HOUR))}&_profile=ssl`)).length).to.equal(2);
      });

      it('has those that were freed again', async () => {
        await take(3, plus(NOW, -5 * HOUR));
        await store.transaction((transaction) =>
          transaction.apply({ ...NO_CHANGES, ended: [uuid(50_003)] }, plus(NOW, -MINUTE)),
        );
        const lines = await slotsOf(since(plus(NOW, -HOUR)));
        expect(lines.map(({ id, status }) => [id, status])).to.deep.equal([[uuid(3), 'free']]);
      });

      it('has what a source in doubt had as free, since that changes no row', async () => {
        stale.add('d2');
        const lines = await slotsOf(since(NOW));
        const ofStale = AHEAD.filter(({ calendar }) => calendar === 'd2');
        expect(ids(lines)).to.deep.equal(ids(ofStale));
        expect(new Set(lines.map(({ status }) => status))).to.deep.equal(new Set(['busy']));
      });

      it('has what was released since, which changes no row either', async () => {
        releasedUntil = plus(NOW, 3 * DAY);
        const lines = await slotsOf(since(plus(NOW, -HOUR)));
        expect(lines).to.not.be.empty;
        for (const { start, status } of lines) {
          expect(Date.parse(start)).to.be.within(NOW + 3 * DAY - 26 * HOUR, NOW + 3 * DAY - 1);
          expect(status).to.equal('free');
        }
        const released = AHEAD.filter(
          ({ interval: { start } }) => start >= NOW + 3 * DAY - HOUR && start < NOW + 3 * DAY,
        );
        expect(ids(lines)).to.include.members(ids(released));
      });
    });

    it('names no patient', async () => {
      const canary = 'CANARY-7c1f';
      const period = busy(60_000, SLOTS[2]?.interval ?? expect.fail('there is a third'), {
        actorId: 'd0',
        scheduleId: 'agenda-d0',
        changedAt: NOW,
      });
      const document = JSON.stringify({
        resourceType: 'Appointment',
        id: uuid(60_000),
        comment: canary,
      }).slice(0, -1);
      await store.transaction((transaction) =>
        transaction.apply(
          {
            ...NO_CHANGES,
            busy: [period],
            appointments: [
              {
                id: uuid(60_000),
                scheduleId: 'agenda-d0',
                slotId: uuid(3),
                status: 'booked',
                document,
                sealedPatient: Buffer.from(canary),
              },
            ],
          },
          NOW,
        ),
      );
      const stored = await open().query('select id from appointment where document like $1', [`%${canary}%`]);
      expect(stored, 'it is in the database').to.have.length(1);
      for (const query of ['', '?_profile=ssl', `?_since=${formatInstant(plus(NOW, -HOUR))}`]) {
        expect((await ask(FILE + query)).text).to.not.contain(canary);
        for (const { path } of await pathsOf(query)) expect((await ask(path)).text).to.not.contain(canary);
      }
      expect(statusOf(await slotsOf(), 3)).to.equal('busy');
    });

    it('knows nothing of schedules that are configured no more, and doubts calendars that are not', async () => {
      const [lost] = SLOTS.slice(2);
      if (!lost) throw new Error('there is a third');
      await open().query(`update slot set calendar = 'forgotten', version = version + 1 where id = $1`, [
        lost.id,
      ]);
      await open().query(`update slot set schedule_id = 'gone', version = version + 1 where id = $1`, [
        uuid(4),
      ]);
      const lines = await slotsOf();
      expect(statusOf(lines, 3)).to.equal('busy');
      expect(statusOf(lines, 4)).to.equal(undefined);
      expect(lines.length).to.equal(AHEAD.length - 1);
    });
  });
});
