import { expect } from 'chai';
import pino from 'pino';
import adapter from '../../adapters/mailbox/adapter.ts';
import {
  type Dovecot,
  hasDovecot,
  type Maildir,
  sharedDovecot,
} from '../../adapters/mailbox/bench/dovecot.ts';
import { CALENDAR, letter, noticeText, type Told } from '../../adapters/mailbox/bench/notices.ts';
import { settingsFor } from '../../adapters/mailbox/bench/target.ts';
import rvsq from '../../adapters/rvsq/adapter.ts';
import { SIMULATOR_KEY } from '../../adapters/rvsq/simulator/platform.ts';
import { startSimulator } from '../../adapters/rvsq/simulator/start.ts';
import { codeMaps } from '../../src/adapter/concept-map.ts';
import type { Listening, News, Platform } from '../../src/adapter/contract.ts';
import { createTargets } from '../../src/adapter/targets.ts';
import { readEnvironment } from '../../src/config/environment.ts';
import { parseConfiguration } from '../../src/config/read-configuration.ts';
import { DAY, HOUR, instant, MINUTE, plus } from '../../src/domain/instant.ts';
import { interval } from '../../src/domain/interval.ts';
import type { EngineEvent } from '../../src/engine/ports/events.ts';
import { startGateway } from '../../src/gateway.ts';
import { systemEnvironment } from '../../src/system/environment.ts';
import { makeDataFolder } from '../support/data-folder.ts';
import { listenForPatients } from '../support/leaks.ts';
import { faultOf } from '../support/platform-http.ts';
import { requireServer, until } from '../support/servers.ts';
import { SimulatedSite } from '../support/simulated-site.ts';
import { tcpProxy } from '../support/tcp-proxy.ts';

const ZONE = 'America/Toronto';
const TAKEN = 'Passerelle/traités';
const REFUSED = 'Passerelle/refusés';
const ASIDE = 'Passerelle/à voir';

/** Between two attempts it waits a twentieth of what it would; the minute of silence it waits out. */
const HASTY = {
  ...systemEnvironment,
  random: { next: () => 0 },
  clock: {
    ...systemEnvironment.clock,
    sleep: (milliseconds: number, signal?: AbortSignal) =>
      systemEnvironment.clock.sleep(milliseconds < MINUTE ? milliseconds / 20 : milliseconds, signal),
  },
};

const now = () => systemEnvironment.clock.now();

/** Sent a little ago, so that what is sent after it has a later second. */
const told = (kind: Told['kind'], id: string, secondsAgo = 0): string => {
  const start = instant(Math.ceil(now() / DAY) * DAY + 2 * DAY + 15 * HOUR);
  return noticeText({
    ...{ kind, id, zone: ZONE, form: 'fr', at: plus(now(), -secondsAgo * 1_000) },
    interval: interval(start, plus(start, 20 * MINUTE)),
  });
};

describe('a mailbox on a real Dovecot', function () {
  this.timeout(120_000);
  let server: Dovecot;
  let mailbox: Maildir;
  let heard: Exclude<News, { outcome: 'hint' }>[];
  const open: Listening[] = [];
  const closers: (() => Promise<unknown>)[] = [];
  let users = 0;
  let timeoutMilliseconds: number;

  before(
    requireServer('Dovecot', hasDovecot(), async () => {
      server = await sharedDovecot();
    }),
  );
  after(() => server?.stop());
  beforeEach(() => {
    users += 1;
    mailbox = server.mailbox(`boite-${process.pid}-${users}`);
    heard = [];
    timeoutMilliseconds = 5_000;
  });
  afterEach(async () => {
    for (const listening of open.splice(0)) await listening.close();
    for (const close of closers.splice(0)) await close();
  });

  const connect = (more: object = {}, allowed: readonly string[] = ['127.0.0.1']): Platform =>
    adapter.connect({
      connectionId: 'courriel',
      settings: adapter.manifest.settings.parse({ ...settingsFor(server, mailbox.user), ...more }),
      limits: { ...adapter.manifest.limits, timeoutMilliseconds },
      pace: (call) => call(),
      targets: createTargets(allowed),
      environment: HASTY,
      maps: codeMaps([]),
      zoneOf: () => ZONE,
      transport: undefined,
    });
  const check = (more: object = {}, allowed?: readonly string[]) =>
    connect(more, allowed).check(AbortSignal.timeout(5_000));

  const listen = async (
    take: (news: News) => Promise<void> = async () => undefined,
    more: object = {},
  ): Promise<Listening> => {
    const listening = await connect(more).listen?.(async (news) => {
      await take(news);
      if (news.outcome !== 'hint') heard.push(news);
    });
    if (!listening) throw new Error('it listens');
    open.push(listening);
    return listening;
  };
  const ids = (): string[] =>
    heard.flatMap((news) =>
      news.outcome === 'payload'
        ? [
            ...news.rows.map(({ externalId }) => externalId),
            ...news.removed.map(({ externalId }) => `-${externalId}`),
          ]
        : [],
    );
  const reasons = () =>
    heard.flatMap((news) => (news.outcome === 'payload' ? news.rejected.map(({ reason }) => reason) : []));
  const count = (folder: string): number => mailbox.messages(folder).length;
  const emptied = () => until('the inbox is empty', async () => count('INBOX') === 0);
  const silent = () => until('it is silent', async () => heard.at(-1)?.outcome === 'silence');

  it('is reached by TLS and by STARTTLS, and not by a certificate or a password that is none', async () => {
    await check();
    await check({ port: server.plainPort, security: 'starttls' });
    expect((await faultOf(() => check({ ca: null }))).kind).to.equal('unavailable');
    expect(
      (await faultOf(() => check({ ca: null, port: server.plainPort, security: 'starttls' }))).kind,
    ).to.equal('unavailable');
    const auth = { kind: 'password', username: mailbox.user, password: 'expired' };
    expect((await faultOf(() => check({ auth }))).kind).to.equal('unauthorized');
    expect((await faultOf(() => check({ folders: { inbox: 'Nulle part' } }))).kind).to.equal('unavailable');
  });

  it('is called only where that is allowed, by whatever name', async () => {
    for (const host of ['127.0.0.1', 'localhost'])
      for (const security of ['tls', 'starttls']) {
        const fault = await faultOf(() => check({ host, security }, []));
        expect(fault.kind, `${host} ${security}`).to.equal('forbidden');
        expect(fault.message).to.contain('allowedTargets');
      }
  });

  it('is read at the first start as it came, but for what is older than notices are', async () => {
    mailbox.deliver(told('booked', 'A1', 60), new Date(now() - 60_000));
    mailbox.deliver(told('booked', 'B1', 50), new Date(now() - 50_000));
    mailbox.deliver(told('cancelled', 'A1', 40), new Date(now() - 40_000));
    mailbox.deliver(told('booked', 'OLD', 0), new Date(now() - 20 * DAY));
    await listen();
    await silent();
    // Of A its end lies there as well.
    expect(ids()).to.deep.equal(['B1', '-A1']);
    expect([count('INBOX'), count(TAKEN)]).to.deep.equal([1, 3]);
  });

  it('is told again what could not be committed, and goes on with the rest', async () => {
    let failures = 2;
    await listen(async (news) => {
      if (news.outcome !== 'payload' || news.rows[0]?.externalId !== 'A1' || failures === 0) return;
      failures -= 1;
      throw new Error('the database does not answer');
    });
    await silent();
    mailbox.deliver(told('booked', 'A1'));
    mailbox.deliver(told('booked', 'B1'));
    await emptied();
    await silent();
    expect(ids()).to.deep.equal(['B1', 'A1']);
    const first = heard.findIndex((news) => news.outcome === 'payload');
    const last = heard.findLastIndex((news) => news.outcome === 'payload');
    // Not as long as one of them waits.
    expect(heard.slice(first, last).map(({ outcome }) => outcome)).to.not.include('silence');
  });

  it('tells again what was committed by a process that died before it could move it', async () => {
    const dying = await tcpProxy(`imaps://127.0.0.1:${server.port}`);
    closers.push(dying.cut);
    await listen(
      async ({ outcome }) => {
        if (outcome === 'payload') await dying.cut();
      },
      { port: Number(new URL(dying.url).port) },
    );
    mailbox.deliver(told('booked', 'A1'));
    await until('it was committed', async () => ids().length === 1);
    for (const listening of open.splice(0)) await listening.close();
    expect([count('INBOX'), count(TAKEN)]).to.deep.equal([1, 0]);
    await listen();
    await emptied();
    expect(ids()).to.deep.equal(['A1', 'A1']);
    const rows = heard.flatMap((news) => (news.outcome === 'payload' ? news.rows : []));
    // The same to the last field, so that it changes nothing.
    expect(rows[0]).to.deep.equal(rows[1]);
  });

  it('is heard again after it was away', async () => {
    const proxy = await tcpProxy(`imaps://127.0.0.1:${server.port}`);
    closers.push(proxy.cut);
    await listen(undefined, { port: Number(new URL(proxy.url).port) });
    await silent();
    await proxy.cut();
    mailbox.deliver(told('booked', 'A1'));
    await proxy.restore();
    await emptied();
    expect(ids()).to.deep.equal(['A1']);
  });

  it('is heard by two at once, and nothing is lost between them', async () => {
    await listen();
    await listen();
    for (const id of ['A1', 'B1', 'C1', 'D1', 'E1']) mailbox.deliver(told('booked', id));
    await emptied();
    await silent();
    expect([...new Set(ids())].sort()).to.deep.equal(['A1', 'B1', 'C1', 'D1', 'E1']);
    // Two that move one message at the same moment may leave two copies of it there.
    const moved = new Set(mailbox.messages(TAKEN).map((text) => /^Message-ID: .*$/m.exec(text)?.[0]));
    expect(moved.size).to.equal(5);
  });

  it('does not take in a booking that came after its cancellation', async () => {
    await listen();
    mailbox.deliver(told('cancelled', 'A1', 10));
    await emptied();
    mailbox.deliver(told('booked', 'A1', 20));
    mailbox.deliver(told('booked', 'B1', 20));
    await emptied();
    await silent();
    expect(ids()).to.deep.equal(['-A1', 'B1']);
    // Booked anew under its number, later than it was cancelled.
    mailbox.deliver(told('booked', 'A1'));
    await emptied();
    expect(ids()).to.deep.equal(['-A1', 'B1', 'A1']);
  });

  it('fetches nothing of enormous size, and hears what comes after it', async () => {
    mailbox.deliver(letter('x'.repeat(3 * 1024 * 1024), now()));
    mailbox.deliver(told('booked', 'A1'));
    await listen();
    await silent();
    expect(ids()).to.deep.equal(['A1']);
    expect(reasons()).to.deep.equal(['longer than 1 MiB']);
    expect(count(REFUSED)).to.equal(1);
  });

  it('sets aside what nobody understands, refuses what nobody proves, and stops for neither', async () => {
    mailbox.deliver(letter('Bonjour', now(), { subject: 'Votre facture' }));
    mailbox.deliver(letter('No de confirmation : FAUX', now(), { results: null }));
    mailbox.deliver(Buffer.from([0, 255, 10, 13, 10, 200]));
    mailbox.deliver(
      letter(`--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n`.repeat(2_000), now(), {
        type: 'multipart/mixed; boundary=b',
      }),
    );
    mailbox.deliver(told('booked', 'A1'));
    await listen();
    await silent();
    expect(ids()).to.deep.equal(['A1']);
    expect([count('INBOX'), count(ASIDE), count(REFUSED), count(TAKEN)]).to.deep.equal([0, 1, 3, 1]);
  });

  it('gives up a server that falls silent in the middle, and hears it again', async () => {
    timeoutMilliseconds = 1_000;
    const proxy = await tcpProxy(`imaps://127.0.0.1:${server.port}`);
    closers.push(proxy.cut);
    await listen(
      async ({ outcome }) => {
        if (outcome === 'payload' && ids().length === 0) proxy.freeze();
      },
      { port: Number(new URL(proxy.url).port) },
    );
    mailbox.deliver(told('booked', 'A1'));
    await until('it was committed', async () => ids().length === 1);
    proxy.thaw();
    // The move that was under way is given up, and the message found again.
    await emptied();
    expect(ids()).to.deep.equal(['A1', 'A1']);
  });

  it('stops soon, though a server falls silent in the middle', async () => {
    const proxy = await tcpProxy(`imaps://127.0.0.1:${server.port}`);
    closers.push(proxy.cut);
    await listen(
      async ({ outcome }) => {
        if (outcome === 'payload') proxy.freeze();
      },
      { port: Number(new URL(proxy.url).port) },
    );
    mailbox.deliver(told('booked', 'A1'));
    await until('it was committed', async () => ids().length === 1);
    const began = Date.now();
    for (const listening of open.splice(0)) await listening.close();
    expect(Date.now() - began).to.be.below(10_000);
    expect(count('INBOX')).to.equal(1);
  });

  it('closes at once, also where nobody answers', async () => {
    const frozen = await tcpProxy(`imaps://127.0.0.1:${server.port}`);
    closers.push(frozen.cut);
    frozen.freeze();
    const listening = await listen(undefined, { port: Number(new URL(frozen.url).port) });
    const before = performance.now();
    await listening.close();
    expect(performance.now() - before).to.be.lessThan(3_000);
    await (await listen()).close();
  });

  it('closes time on another platform by a notice, opens it by the next one, and asks a person for the other way', async () => {
    const site = await startSimulator({ seed: 7, actors: [CALENDAR], days: 14 });
    closers.push(() => site.close());
    const patients = new SimulatedSite(site.url);
    const free = await patients.laterSlot();
    const { calendar = '' } = ((await patients.call<{ calendar: string }[]>('GET', 'slots')).json[0] ??
      {}) as { calendar?: string };
    const folder = await makeDataFolder({ embedded: true });
    const connection = (id: string, platform: string, settings: object, agenda: string) => ({
      ...{ id, platform, settings, pollSeconds: 1, allowedTargets: ['127.0.0.1'] },
      calendars: [{ id: agenda, schedule: 'dr', topology: 'block' }],
    });
    const document = JSON.stringify({
      organization: { id: 'fictive', name: 'Clinique fictive' },
      locations: [{ id: 'ici', name: 'Ici' }],
      services: [{ id: 'famille', name: { fr: 'Famille', en: 'Family' } }],
      practitioners: [{ id: 'dr', family: 'Fictif', given: 'Essai' }],
      schedules: [{ id: 'dr', practitioner: 'dr', location: 'ici', service: 'famille' }],
      connections: [
        connection('rvsq', 'rvsq', { baseUrl: site.url, apiKey: SIMULATOR_KEY }, calendar),
        connection('courriel', 'mailbox', settingsFor(server, mailbox.user), CALENDAR),
      ],
    });
    const adapters = new Map([rvsq, adapter].map((each) => [each.manifest.id, each]));
    const events: EngineEvent[] = [];
    const listener = listenForPatients('a gateway that reads mail');
    const gateway = await startGateway({
      environment: { ...readEnvironment({}), port: 0, dataFolder: folder },
      role: 'both',
      configuration: parseConfiguration(document, 'essai', adapters, {}),
      onEvent: (event) => events.push(event),
      logger: pino({ level: 'trace' }, { write: (line: string) => listener.hear(line) }),
    });
    closers.push(() => gateway.close());
    const told = { id: 'BS-9', zone: ZONE, form: 'en' as const };
    const time = interval(instant(Date.parse(free.start)), instant(Date.parse(free.end)));
    const is = (status: string) =>
      until(`the slot is ${status}`, async () => (await patients.slot(free.id)).status === status);
    await is('free');
    mailbox.deliver(noticeText({ ...told, kind: 'booked', interval: time, at: plus(now(), -5_000) }));
    await is('blocked');
    // The same once more, and an old one of another kind, change nothing.
    mailbox.deliver(noticeText({ ...told, kind: 'booked', interval: time, at: plus(now(), -5_000) }));
    mailbox.deliver(noticeText({ ...told, kind: 'cancelled', interval: time, at: plus(now(), -60_000) }));
    mailbox.deliver(noticeText({ ...told, kind: 'cancelled', interval: time, at: now() }, { results: null }));
    await emptied();
    expect((await patients.slot(free.id)).status).to.equal('blocked');
    mailbox.deliver(noticeText({ ...told, kind: 'cancelled', interval: time, at: now() }));
    await is('free');
    // Sent again after the cancellation, it books nothing.
    mailbox.deliver(noticeText({ ...told, kind: 'booked', interval: time, at: plus(now(), -5_000) }));
    await emptied();
    expect((await patients.slot(free.id)).status).to.equal('free');
    expect(count(REFUSED)).to.equal(1);
    // What is booked elsewhere a person is asked to close there: for this, and for nothing that it told of by itself.
    const asked = () =>
      events.flatMap((event) => (event.type === 'task.asked' ? [event.interval.start] : []));
    await patients.book(free.id);
    await until('somebody is asked', async () => asked().includes(time.start));
    expect(asked().filter((start) => start === time.start)).to.have.lengthOf(1);
    await gateway.close();
    listener.expectNobody();
  });
});
