import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import targets, { simulator } from '../../adapters/oscar/conformance.ts';
import { authorization, signatureOf } from '../../adapters/oscar/oauth.ts';
import { startSimulator } from '../../adapters/oscar/simulator/start.ts';
import { make, unmake } from '../../src/conformance/commands.ts';
import { type Context, faultOf, known } from '../../src/conformance/context.ts';
import { conforms } from '../../src/conformance/mocha.ts';
import { DAY, HOUR, MINUTE, plus } from '../../src/domain/instant.ts';
import { type Interval, interval } from '../../src/domain/interval.ts';
import { watchedCases } from '../support/watched-simulator.ts';

for (const target of targets) conforms('oscar', target);

const { own, agenda } = watchedCases(simulator, startSimulator);

const day = readFileSync(new URL('../../adapters/oscar/fixtures/day.json', import.meta.url), 'utf8');
/** Noon in Toronto, on a day of winter. */
const NOON = Date.parse('2026-12-30T17:00:00Z') as Interval['start'];
const local = ({ start, end }: Interval): string =>
  [start, end].map((at) => new Date(at - 5 * HOUR).toISOString().slice(11, 16)).join('–');
const paths = ({ proxy }: Context): string[] => proxy.seen.map(({ path }) => path.split('/').at(-1) ?? '');

describe('the signature of OAuth 1.0a', () => {
  it('is that of the example of RFC 5849, section 1.2', () => {
    const url = 'http://photos.example.net/photos?file=vacation.jpg&size=original';
    const credentials = { consumerSecret: 'kd94hf93k423kf44', tokenSecret: 'pfkkdhi9sl3r4s00' };
    const parameters = [
      ['oauth_consumer_key', 'dpf43f3p2l4k3l03'],
      ['oauth_token', 'nnch734d00sl2jdk'],
      ['oauth_signature_method', 'HMAC-SHA1'],
      ['oauth_timestamp', '137131202'],
      ['oauth_nonce', 'chapoH'],
    ] as const;
    expect(signatureOf({ method: 'GET', url }, parameters, credentials)).to.equal(
      'MdpQcU8iPSUjWoN/UDMsK2sui9I=',
    );
  });

  it('goes into the header encoded, and is another one for another nonce', () => {
    const credentials = { consumerKey: "a'b", consumerSecret: 'c', token: 'd&e', tokenSecret: 'f' };
    const header = (nonce: string) =>
      authorization({ method: 'GET', url: 'https://emr.example/oscar', nonce, timestamp: 1 }, credentials);
    expect(header('n')).to.match(
      /^OAuth oauth_consumer_key="a%27b", oauth_token="d%26e", oauth_signature_method="HMAC-SHA1", oauth_timestamp="1", oauth_nonce="n", oauth_signature="[\w%]+"$/,
    );
    expect(header('n')).not.to.equal(header('m').replace('"m"', '"n"'));
  });
});

describe('oscar, by itself', () => {
  own('reads 12-hour times, inclusive ends and statuses as they are meant', async (context) => {
    context.proxy.set({ kind: 'tamper', change: () => day });
    const { rows, rejected, end } = await context.read(
      context.connect(),
      null,
      interval(NOON, plus(NOON, HOUR)),
    );
    expect(
      rows.map((row) => [row.externalId, local(row.interval), row.kind === 'busy' && row.busyKind, row.mark]),
    ).to.deep.equal([
      ['1', '00:00–00:15', 'appointment', null],
      ['2', '12:30–13:30', 'appointment', null],
      ['3', '13:15–14:16', 'appointment', null],
      ['6', '09:30–11:00', 'appointment', null],
      ['8', '14:30–14:50', 'block', 'passerelle:0b7c4f9e-1111-4222-8333-444455556666'],
      // Staff gave it to somebody: it is theirs, whatever the note says.
      ['9', '15:30–15:50', 'appointment', null],
    ]);
    expect(rejected.map(({ raw: _, ...told }) => told)).to.deep.equal([
      { externalId: '6', reason: 'unmapped code q in status' },
      { externalId: '7', reason: 'duration: custom' },
      { externalId: '10', reason: 'startTime: custom' },
    ]);
    expect(JSON.stringify(rows)).not.to.match(/FICTI|FERM|Rose/);
    expect(end.kind === 'end' && end.complete).to.not.equal(null);
  });

  own('asks for each local day of a provider once, and for no more', async (context) => {
    const start = plus(context.now(), HOUR);
    await context.read(context.connect(), null, interval(start, plus(start, 28 * DAY)));
    expect(context.proxy.seen).to.have.length.within(28, 29);
    expect(new Set(paths(context)).size).to.equal(context.proxy.seen.length);
  });

  own('reads no further than 400 days, and says so', async (context) => {
    const start = context.now();
    const { end } = await context.read(
      context.connect(),
      null,
      interval(start, plus(start, 2000 * DAY)),
      AbortSignal.timeout(60_000),
    );
    expect(context.proxy.seen.length).to.be.within(400, 401);
    const complete = end.kind === 'end' ? end.complete : null;
    expect(((complete?.end ?? 0) - start) / DAY).to.be.within(399, 400.1);
  });

  own('has the new time closed before the old one opens, when a block moves', async (context) => {
    const platform = context.connect();
    const [from, to] = [await context.free(), await context.free()];
    const mark = context.mark();
    const first = known(await make('block', context, platform, from, mark));
    const before = context.proxy.seen.length;
    await make('block', context, platform, to, mark, first);
    const writes = context.proxy.seen.slice(before).filter(({ method }) => method === 'POST');
    expect(writes.map(({ path }) => path.split('/').at(-1))).to.deep.equal(['add', 'deleteAppointment']);
  });

  own('shows both by our mark where the old one stayed', async (context) => {
    const platform = context.connect();
    const [from, to] = [await context.free(), await context.free()];
    const mark = context.mark();
    const first = known(await make('block', context, platform, from, mark));
    context.proxy.set({ kind: 'status', status: 503 }, ({ path }) => path.endsWith('deleteAppointment'));
    expect((await faultOf(() => make('block', context, platform, to, mark, first))).kind).to.equal('unsure');
    context.proxy.set(null);
    const found = (await platform.readBack?.(context.calendar, mark)) ?? [];
    expect(found.map((row) => row.interval)).to.have.deep.members([from.interval, to.interval]);
  });

  own('never takes away what staff gave to a patient', async (context) => {
    const platform = context.connect();
    const time = await context.free();
    const mark = context.mark();
    const block = known(await make('block', context, platform, time, mark));
    const standing = agenda().find('block', block.externalId);
    if (!standing) throw new Error('the block does not stand');
    agenda().remove(standing);
    const { calendar, interval: when, reference } = standing;
    const theirs = agenda().take({ calendar, interval: when, slotId: null, reference, expiresAt: null });
    const asOurs = { externalId: theirs.id, revision: block.revision };
    expect(await unmake('block', context, platform, mark, asOurs)).to.deep.equal({ outcome: 'gone' });
    expect(agenda().find('reservation', theirs.id)).to.not.equal(null);
  });

  own('refuses a time that goes past midnight, and writes nothing', async (context) => {
    const start = Date.parse('2027-01-06T04:50:00Z') as Interval['start'];
    const time = { interval: interval(start, plus(start, 20 * MINUTE)), slot: null };
    const fault = await faultOf(() => make('block', context, context.connect(), time, context.mark()));
    expect(fault.kind).to.equal('malformed');
    expect(context.proxy.seen).to.deep.equal([]);
  });

  own('is refused where it signs for another address than OSCAR believes to have', async (context) => {
    const settings = {
      ...context.bench.settings(context.proxy.url),
      signedBaseUrl: 'http://10.0.0.5:8080/oscar',
    };
    const platform = context.connect({ settings });
    expect((await faultOf(() => platform.check(AbortSignal.timeout(5000)))).kind).to.equal('unauthorized');
  });
});
