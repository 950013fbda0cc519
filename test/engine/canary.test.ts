import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Appointment, Bundle, Patient } from 'fhir/r4.js';
import { sign } from '../../adapters/bonjour-sante/signature.ts';
import { SYSTEM } from '../../mappings/fhir/canonical.ts';
import { type FaultProxy, passTo, startProxy } from '../../src/conformance/proxy.ts';
import { instant } from '../../src/domain/instant.ts';
import type { Database } from '../../src/store/database.ts';
import { openPostgres } from '../../src/store/postgres.ts';
import { CANARY, CANARY_COMMENT, CANARY_PATIENT, canaryIn } from '../support/canary.ts';
import { scheduleOf, WEBHOOK_SECRET } from '../support/clinic-configuration.ts';
import { type Command, end, ready, start, variablesOf } from '../support/command-process.ts';
import { freshPostgres, hasPostgres } from '../support/databases.ts';
import { type Answer, MirroredClinic, type SimSlot } from '../support/mirrored-clinic.ts';
import { hasOwnRedis, type OwnServer, ownRedis, redisDo } from '../support/own-servers.ts';
import { requireServer, until } from '../support/servers.ts';
import { type Subscriber, startSubscriber } from '../support/subscriber.ts';

/**
 * A made-up patient goes through every path of a gateway that runs as an operator runs it, and is looked for in all that it
 * says, writes and sends, in whatever form. She may be at the platform that honours her bookings, in the body of what books
 * them, and in the answer to whoever may see patients. Nowhere else.
 */

const READ_MILLISECONDS = 60_000;

describe('a patient who goes through everything', function () {
  this.timeout(240_000);
  let redis: OwnServer;
  let clinic: MirroredClinic;
  let database: Database;
  let drop: () => Promise<void> = async () => undefined;
  let proxies: { readonly vendor: FaultProxy; readonly rvsq: FaultProxy };
  let subscriber: Subscriber;
  let gateway: Command;
  let variables: Record<string, string>;
  /** What was answered to whoever may see patients, but names none, and what commands said. */
  const answers: string[] = [];
  /** What streams told. */
  let streamed = '';
  const streaming = new AbortController();

  before(async function () {
    await requireServer('Redis (redis-server)', hasOwnRedis).call(this);
    await requireServer('PostgreSQL', hasPostgres).call(this);
    const postgres = await freshPostgres();
    drop = postgres.drop;
    database = openPostgres(postgres.url, { onError: () => undefined });
    redis = await ownRedis();
    subscriber = await startSubscriber();
    clinic = await MirroredClinic.open({
      databaseUrl: postgres.url,
      redisUrl: redis.url,
      launch: async (plan) => {
        const [vendor, rvsq] = await Promise.all([
          startProxy(passTo(plan.sites.vendor)),
          startProxy(passTo(plan.sites.rvsq)),
        ]);
        proxies = { vendor, rvsq };
        const sites = { vendor: vendor.url, rvsq: rvsq.url };
        const configuration = {
          patients: { keepDays: 30 },
          subscriptions: { allowedTargets: ['127.0.0.0/8'] },
        };
        variables = { ...(await variablesOf({ ...plan, sites }, configuration)), LOG_LEVEL: 'trace' };
        gateway = start(['serve'], { ...variables, PORT: '0' });
        const url = await ready(gateway);
        return { url, close: () => end(gateway, 'SIGTERM').then(() => undefined) };
      },
    });
  });
  after(async () => {
    streaming.abort();
    await clinic?.close();
    await proxies?.vendor.close();
    await proxies?.rvsq.close();
    await subscriber?.close();
    await redis?.remove();
    await database?.close();
    await drop();
  });

  type Options = { readonly headers?: Record<string, string>; readonly mayName?: boolean };
  /** @param mayName of an answer that shows her to whoever may see patients. */
  async function ask<T = unknown>(
    method: string,
    path: string,
    body?: unknown,
    { headers = {}, mayName = false }: Options = {},
  ): Promise<Answer<T> & { readonly text: string }> {
    const response = await fetch(new URL(path, clinic.url), {
      method,
      headers: { ...(await clinic.headers()), 'content-type': 'application/fhir+json', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const said = `${JSON.stringify([...response.headers])}\n${mayName ? '' : text}`;
    answers.push(said);
    const json = (text.startsWith('{') ? JSON.parse(text) : null) as T;
    return { status: response.status, json, text };
  }

  async function slotId({ start: from, actor }: SimSlot, connection: string): Promise<string> {
    const path = `/fhir/Slot?schedule=${scheduleOf(actor)}&start=${encodeURIComponent(from)}`;
    const { json } = await ask<Bundle>('GET', path);
    const found = json.entry?.find(({ resource }) => resource?.meta?.source?.endsWith(`/${connection}`));
    if (!found?.resource?.id) throw new Error('no such slot');
    return found.resource.id;
  }

  async function bookingOf(slot: SimSlot, connection = 'bonjour-sante', patient: object = CANARY_PATIENT) {
    return {
      resourceType: 'Appointment',
      status: 'booked',
      contained: [patient],
      comment: CANARY_COMMENT,
      slot: [{ reference: `Slot/${await slotId(slot, connection)}` }],
      start: slot.start,
      end: slot.end,
      participant: [{ actor: { reference: '#patient' }, status: 'accepted' }],
    };
  }

  const booked = async (index: number): Promise<Appointment> => {
    const body = await bookingOf(await clinic.vendor.laterSlot(index));
    const { status, json, text } = await ask<Appointment>('POST', '/fhir/Appointment', body);
    expect(status, text).to.equal(201);
    return json;
  };

  const command = async (...words: string[]): Promise<string> => {
    const { url } = clinic;
    const child = start([...words, ...(words[0] === 'doctor' ? [] : ['--url', url])], variables);
    await new Promise((resolve) => child.child.once('exit', resolve));
    answers.push(child.output());
    return child.output();
  };

  it('is heard of by a subscriber and a stream, who are told what is served', async () => {
    const channel = {
      type: 'rest-hook',
      endpoint: subscriber.url,
      payload: 'application/fhir+json',
      header: ['Authorization: Bearer of-nobody'],
    };
    const { status, text } = await ask('POST', '/fhir/Subscription', {
      ...{ resourceType: 'Subscription', status: 'requested', reason: 'essai' },
      ...{ criteria: 'Appointment?status=booked,cancelled', channel },
    });
    expect(status, text).to.equal(201);
    const stream = await fetch(`${clinic.url}/api/events?criteria=${encodeURIComponent('Appointment?')}`, {
      headers: await clinic.headers(),
      signal: streaming.signal,
    });
    void (async () => {
      try {
        for await (const chunk of stream.body ?? []) streamed += Buffer.from(chunk).toString();
      } catch {
        // It is ended by the test.
      }
    })();
  });

  it('is booked, held, moved, patched, validated, searched for, read back and cancelled', async () => {
    const first = await booked(4);
    const path = `/fhir/Appointment/${first.id}`;
    await ask('GET', `${path}?_include=Appointment:patient`);
    const patient = first.participant
      .map(({ actor }) => actor?.reference)
      .find((each) => each?.startsWith('Pat'));
    const { json, text } = await ask<Patient>('GET', `/fhir/${patient}`, undefined, { mayName: true });
    expect(json?.name?.[0]?.family).to.equal(CANARY.family);
    expect(canaryIn(text), 'what is looked for is found where it may be').to.include.members([
      CANARY.family,
      CANARY.nam,
      CANARY.birthDate,
    ]);
    const form = { headers: { 'content-type': 'application/x-www-form-urlencoded' }, mayName: true };
    const number = encodeURIComponent(`${SYSTEM.nam}|${CANARY.nam}`);
    const found = await ask<Bundle>('POST', '/fhir/Patient/_search', `identifier=${number}`, form);
    expect(found.json.entry).to.have.length(1);
    const theirs = await ask<Bundle>('POST', '/fhir/Appointment/_search', `patient.identifier=${number}`, {
      ...form,
      mayName: false,
    });
    expect(theirs.json.entry).to.have.length(1);
    await ask('GET', `${path}/_history`);
    await ask('GET', '/fhir/Appointment/_history');
    const other = await clinic.vendor.laterSlot(12);
    const moved = { ...first, start: other.start, end: other.end };
    const to = [{ reference: `Slot/${await slotId(other, 'bonjour-sante')}` }];
    expect((await ask('PUT', path, { ...moved, slot: to })).status).to.equal(200);
    const held = await ask<Appointment>(
      'POST',
      `/fhir/Slot/${await slotId(await clinic.vendor.laterSlot(20), 'bonjour-sante')}/$hold`,
      {
        resourceType: 'Parameters',
      },
    );
    const wanted = await bookingOf(await clinic.vendor.laterSlot(20));
    await ask('PUT', `/fhir/Appointment/${held.json.id}`, {
      ...wanted,
      id: held.json.id,
      ...timesOf(held.json),
    });
    const validate = (resource: object) => ({
      resourceType: 'Parameters',
      parameter: [
        { name: 'resource', resource },
        { name: 'mode', valueCode: 'create' },
      ],
    });
    await ask('POST', '/fhir/Appointment/$validate', validate(wanted));
    await ask(
      'POST',
      '/fhir/Appointment/$validate',
      validate({
        ...wanted,
        contained: [{ ...CANARY_PATIENT, name: CANARY.family, birthDate: CANARY.email }],
      }),
    );
    const entry = [
      {
        resource: await bookingOf(await clinic.vendor.laterSlot(30)),
        request: { method: 'POST', url: 'Appointment' },
      },
      { request: { method: 'GET', url: `Patient?identifier=${CANARY.nam}` } },
      { request: { method: 'GET', url: `Appointment/${CANARY.nam}` } },
    ];
    await ask('POST', '/fhir', { resourceType: 'Bundle', type: 'batch', entry });
    const patch = [{ op: 'replace', path: '/status', value: 'cancelled' }];
    const json2 = { headers: { 'content-type': 'application/json-patch+json' } };
    expect((await ask('PATCH', path, patch, json2)).status).to.equal(200);
    await until('the subscriber has heard', async () => subscriber.received.length > 2);
  });

  it('is refused with everything that can be wrong, and not repeated', async () => {
    const good = await bookingOf(await clinic.vendor.laterSlot(40));
    const wrong = (change: object) => ({ ...good, contained: [{ ...CANARY_PATIENT, ...change }] });
    const bodies: unknown[] = [
      JSON.stringify(good).slice(0, -20),
      `${CANARY.nam} ${JSON.stringify(good)}`,
      wrong({ name: CANARY.family }),
      wrong({ birthDate: '1931-07-30' }),
      wrong({ birthDate: CANARY.email }),
      wrong({ identifier: [{ system: SYSTEM.nam, value: `${CANARY.nam}${CANARY.nam}` }] }),
      wrong({ resourceType: CANARY.family }),
      wrong({ [CANARY.nam]: CANARY.family }),
      { ...good, [CANARY.family]: 1 },
      { ...good, status: CANARY.nam },
      { ...good, start: CANARY.family },
      { ...good, slot: [{ reference: `Slot/${CANARY.nam}` }] },
      { ...good, participant: [{ actor: { reference: `Patient/${CANARY.nam}` }, status: 'accepted' }] },
      { ...good, identifier: [{ system: SYSTEM.nam, value: CANARY.nam }] },
      { ...good, comment: CANARY.family.repeat(20_000) },
      { ...good, resourceType: CANARY.family },
      CANARY.family,
    ];
    for (const body of bodies) {
      const { status, text } = await ask('POST', '/fhir/Appointment', body);
      expect(status, text).to.be.within(400, 499);
    }
    const enc = encodeURIComponent;
    const paths = [
      `/fhir/Patient?identifier=${enc(`${SYSTEM.nam}|${CANARY.nam}`)}`,
      `/fhir/Appointment?patient.identifier=${CANARY.nam}`,
      `/fhir/Appointment/${CANARY.nam}`,
      `/fhir/${enc(CANARY.family)}/1`,
      `/fhir/Appointment?_lastUpdated=${enc(CANARY.family)}`,
      `/fhir/Slot?start=${CANARY.nam}`,
      `/${enc(CANARY.family)}/${CANARY.nam}`,
      `/api/connections/${enc(CANARY.family)}/rejected`,
      `/api/conflicts/${CANARY.nam}`,
      `/api/conflicts?state=${enc(CANARY.email)}`,
      `/api/events?criteria=${enc(`Appointment?patient.identifier=${CANARY.nam}`)}`,
    ];
    for (const path of paths) {
      const { status, text } = await ask('GET', path);
      expect(status, `${path}: ${text}`).to.be.within(400, 499);
    }
    const odd = {
      'if-none-exist': `identifier=${CANARY.nam}|${CANARY.email}`,
      prefer: `handling=${CANARY.nam}`,
    };
    await ask('POST', '/fhir/Appointment', JSON.stringify(good).slice(0, -2), { headers: odd });
    await ask('GET', '/fhir/Appointment', undefined, { headers: { authorization: `Bearer ${CANARY.nam}` } });
    await ask('GET', '/fhir/Appointment', undefined, {
      headers: { 'if-match': CANARY.nam, accept: CANARY.nam },
    });
  });

  it('is in a webhook that is forged, and in one that cannot be read', async () => {
    const body = JSON.stringify({
      type: 'modification',
      emisLe: new Date().toISOString(),
      element: { genre: 'reservation', patient: CANARY },
    });
    const headers = { 'content-type': 'application/json' };
    const post = (more: Record<string, string>, text = body) =>
      ask('POST', '/webhooks/bonjour-sante', text, { headers: { ...headers, ...more } });
    expect((await post({ 'x-bonjour-signature': CANARY.nam })).status).to.be.within(400, 499);
    const now = instant(Date.now());
    expect((await post(sign(WEBHOOK_SECRET, body, now))).status, 'it is set aside').to.be.below(300);
    const odd = `{"type":"${CANARY.family}","element":${JSON.stringify(CANARY)}}`;
    expect((await post(sign(WEBHOOK_SECRET, odd, now), odd)).status).to.be.within(400, 499);
  });

  /** Until a whole reading does not meet it any more. */
  async function setAside(): Promise<void> {
    const poison = { type: 'activity', patient: CANARY, professionalId: CANARY.family, id: 'act-1' };
    proxies.rvsq.set(
      {
        kind: 'tamper',
        change: (text) => {
          const page = JSON.parse(text) as { changes?: unknown[]; records?: unknown[] };
          (page.changes ?? page.records)?.push(poison);
          return JSON.stringify(page);
        },
      },
      ({ path }) => /^\/v1\/(changes|records)\?/.test(path),
    );
    const isAside = async () =>
      (await ask<{ records: unknown[] }>('GET', '/api/connections/rvsq/rejected')).json.records.length > 0;
    await until('it is set aside', isAside, READ_MILLISECONDS);
    proxies.rvsq.set(null);
  }

  it('is in a record that cannot be read', async () => {
    await setAside();
    const { text } = await ask('GET', '/api/connections/rvsq/rejected?raw=true', undefined, {
      mayName: true,
    });
    expect(canaryIn(text), 'whoever opens it sees it').to.include(CANARY.nam);
  });

  it('is in a conflict', async () => {
    proxies.rvsq.set({ kind: 'refuse' });
    const slot = (await clinic.rvsq.laterSlots('dre-gagnon'))[9] as SimSlot;
    await clinic.rvsq.book(slot.id, CANARY);
    const [there] = (await clinic.vendor.overlapping(slot)).filter(({ status }) => status === 'free');
    const answer = await ask('POST', '/fhir/Appointment', await bookingOf(there as SimSlot));
    expect(answer.status, answer.text).to.equal(201);
    proxies.rvsq.set(null);
    const conflicts = async () =>
      (await ask<{ conflicts: { id: string }[] }>('GET', '/api/conflicts')).json.conflicts;
    await until('the conflict is found', async () => (await conflicts()).length > 0, READ_MILLISECONDS);
    const [conflict] = await conflicts();
    await ask('GET', `/api/conflicts/${conflict?.id}`);
    await command('conflicts');
    await ask('POST', `/api/conflicts/${conflict?.id}/resolve`, {
      resolution: 'keep-both',
      reason: CANARY.family,
    });
    await command('resolve', conflict?.id ?? '', 'keep-both');
  });

  it('is said back by a platform that fails, is odd, or loses its answer', async () => {
    const isWrite = ({ method }: { readonly method: string }) => method !== 'GET';
    const echo = (text: string) => `${text} ${JSON.stringify(CANARY)}`;
    const headers = { 'x-echo': CANARY.nam, 'retry-after': CANARY.nam, location: `/${CANARY.nam}` };
    for (const [index, status] of [500, 400, 401, 404, 409, 412, 422, 429, 200, 201, 302].entries()) {
      proxies.vendor.set({ kind: 'status', status, headers, body: echo }, isWrite);
      const slot = await clinic.vendor.laterSlot(50 + index);
      await ask('POST', '/fhir/Appointment', await bookingOf(slot));
    }
    proxies.vendor.set({ kind: 'tamper', change: echo }, isWrite);
    await ask('POST', '/fhir/Appointment', await bookingOf(await clinic.vendor.laterSlot(70)));
    proxies.vendor.set({ kind: 'lose' }, isWrite);
    await ask('POST', '/fhir/Appointment', await bookingOf(await clinic.vendor.laterSlot(72)));
    proxies.vendor.set({ kind: 'tamper', change: (text) => text.replace(/"/, `"${CANARY.family}`) });
    await command('sync', 'bonjour-sante');
    proxies.vendor.set(null);
    await command('sync', 'bonjour-sante');
  });

  it('is nowhere in what commands, metrics and figures say', async () => {
    const lists = [
      'status',
      'doctor',
      'sync',
      'conflicts',
      'rejected rvsq',
      'rejected bonjour-sante',
      'keys list',
    ];
    for (const words of lists) expect(await command(...words.split(' '))).not.to.equal('');
    for (const path of ['/metrics', '/api/status', '/api/keys', '/readyz', '/healthz'])
      await ask('GET', path);
    expect(
      answers.flatMap((each) => canaryIn(each).map((value) => `${value} in ${each.slice(-700)}`)),
    ).to.deep.equal([]);
  });

  it('is told to no subscriber and no stream', () => {
    expect(subscriber.received.length).to.be.greaterThan(2);
    expect(streamed).to.contain('Appointment');
    expect(canaryIn(JSON.stringify(subscriber.received))).to.deep.equal([]);
    expect(canaryIn(streamed)).to.deep.equal([]);
  });

  it('is at the platform that honours her bookings alone, in the body of what books them', async () => {
    const [vendor, rvsq] = [proxies.vendor.seen, proxies.rvsq.seen];
    expect(canaryIn(JSON.stringify(rvsq)), 'RVSQ').to.deep.equal([]);
    expect(canaryIn(JSON.stringify(await clinic.rvsq.log())), 'RVSQ, by its own log').to.deep.equal([]);
    const named = vendor.filter((each) => canaryIn(JSON.stringify(each)).length > 0);
    expect(named.length).to.be.greaterThan(5);
    for (const { method, path } of named) {
      expect(`${method} ${path}`).to.match(
        /^(POST|PUT) \/v1\/(agendas\/[^/]+\/reservations|reservations\/[^/]+(\/confirmation)?)$/,
      );
      expect(canaryIn(path)).to.deep.equal([]);
    }
  });

  it('is in no table in clear, but for what a comment says', async () => {
    expect(await database.query('select from patient'), 'there is something to find').to.have.length(1);
    const tables = await database.query<{ name: string }>(
      "select quote_ident(table_name) as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'",
    );
    expect(tables.length).to.be.greaterThan(15);
    const found: string[] = [];
    for (const { name } of tables) {
      const rows = await database.query<{ text: string; bytes: string | null }>(
        `select row_to_json(${name})::text as text from ${name}`,
      );
      const text = rows.map((row) => bytesRead(row.text)).join('\n');
      found.push(...canaryIn(text).map((value) => `${value} in ${name}`));
    }
    expect(found).to.deep.equal([]);
  });

  it('is handed over, and erased with the records that had her number in them', async () => {
    const json = { headers: { 'content-type': 'application/json' } };
    const who = { patient: CANARY.nam };
    // What was set aside before may be mended by now: a command has read everything since.
    await setAside();
    const exported = await ask('POST', '/api/patients/export', who, { ...json, mayName: true });
    expect(canaryIn(exported.text)).to.include(CANARY.nam);
    const erased = await ask<{ patients: string[]; rejected: number }>(
      'POST',
      '/api/patients/erase',
      who,
      json,
    );
    expect(erased.json.patients).to.have.length(1);
    expect(erased.json.rejected).to.be.greaterThan(0);
    const { text } = await ask('GET', '/api/connections/rvsq/rejected?raw=true');
    expect(canaryIn(text + erased.text)).to.deep.equal([]);
    expect(await database.query('select from patient')).to.deep.equal([]);
  });

  it('is in no key and no value of Redis', async () => {
    const text = await redisDo(redis.url, async (client) => {
      const keys = await client.keys('*');
      const dumped = await Promise.all(keys.map((key) => client.dumpBuffer(key)));
      return `${keys.join('\n')}\n${dumped.map((each) => each?.toString('latin1')).join('\n')}`;
    });
    expect(text).to.contain('passerelle');
    expect(canaryIn(text)).to.deep.equal([]);
  });

  it('is in no file of the data folder', async () => {
    const folder = clinic.environment.dataFolder;
    const names = await readdir(folder, { recursive: true });
    expect(names).to.include('admin-token');
    for (const name of names) {
      const path = join(folder, name);
      if ((await stat(path)).isFile())
        expect(canaryIn(await readFile(path, 'latin1')), name).to.deep.equal([]);
    }
  });

  it('is in nothing that the gateway said on either output, at the finest level', async () => {
    expect(await end(gateway, 'SIGTERM')).to.equal(0);
    const text = gateway.output();
    expect(text).to.contain('"route":"/fhir/Appointment"').and.contain('patients read');
    expect(canaryIn(text)).to.deep.equal([]);
  });
});

const timesOf = ({ start: from, end: to, slot }: Appointment) => ({ start: from, end: to, slot });

/** With what bytes of a row say, where they are a text. */
const bytesRead = (row: string): string =>
  row.replaceAll(
    /\\\\x([0-9a-f]{8,})/g,
    (whole, hex: string) => `${whole} ${Buffer.from(hex, 'hex').toString('latin1')}`,
  );
