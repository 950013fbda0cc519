import { expect } from 'chai';
import { FAULT_KINDS } from '../../src/adapter/faults.ts';
import { kindOfError } from '../../src/contingency/fault-meanings.ts';
import { HOUR, instant, MINUTE } from '../../src/domain/instant.ts';
import { NOW } from '../support/fake-ports.ts';
import { fictiveSheet, visit } from '../support/fictive-sheet.ts';
import { type Served, serve, TOKEN } from '../support/served-front.ts';

/** The sheet and the report of an outage over HTTP, on doubles. With a database that goes away: test/engine/contingency.test.ts. */

const PATHS = ['/api/contingency', '/api/contingency.csv', '/api/contingency.pdf'];
const DESK = ['system/Appointment.s', 'system/Patient.r'];

describe('the contingency sheet over HTTP', function () {
  this.timeout(30_000);
  let served: Served;
  beforeEach(async () => {
    served = await serve();
  });
  afterEach(() => served.close());

  const as = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
  async function tokenOf(scopes: readonly string[]): Promise<string> {
    const body = { name: `accueil ${scopes.length}`, scopes, expiresInDays: 1 };
    return served.request('POST', '/api/tokens', { body }).then((answer) => {
      const { token } = answer.json<never>() as { token: string };
      return token;
    });
  }
  const audited = () => served.world.audited.filter(({ type }) => type === 'contingency.read');

  it('is JSON, CSV and PDF, for nobody to keep, and each is recorded as an access to these patients', async () => {
    served.world.sheet = {
      sheet: fictiveSheet([
        visit(60, { patient: { id: visit(7).id, family: 'Fictive', given: 'Rose', phone: null, nam: null } }),
        visit(80, { patient: null }),
      ]),
      isStale: false,
    };
    const token = await tokenOf(DESK);
    const types = ['application/json', 'text/csv', 'application/pdf'];
    for (const [index, path] of PATHS.entries()) {
      const answer = await served.request('GET', path, as(token));
      expect(answer.status, answer.text.slice(0, 300)).to.equal(200);
      expect(answer.headers.get('content-type')).to.match(new RegExp(`^${types[index]}`));
      expect(answer.headers.get('cache-control')).to.equal('no-store');
    }
    const [json] = audited();
    expect(audited().map(({ detail }) => detail['format'])).to.deep.equal(['json', 'csv', 'pdf']);
    expect(json?.entities).to.deep.equal([
      'Organization/clinique-fictive',
      `Appointment/${visit(60).id}`,
      `Patient/${visit(7).id}`,
    ]);
    expect(JSON.stringify(audited())).not.to.include('Fictive');
  });

  it('names nobody to who may not read patients', async () => {
    const { text, json } = await served.request(
      'GET',
      PATHS[0] ?? '',
      as(await tokenOf(['system/Appointment.s'])),
    );
    expect(json<never>()).to.have.property('namesPatients', false);
    expect(text).not.to.match(/Rose|555-0123|FICR|Toux/);
    expect(audited()[0]?.entities).to.deep.equal(['Organization/clinique-fictive']);
  });

  it('speaks the language that is asked for, on the paper that is asked for', async () => {
    const french = await served.request('GET', '/api/contingency.csv?lang=fr');
    expect(french.text).to.include('Qui vient').and.to.include(';');
    expect(french.headers.get('content-disposition')).to.match(
      /^attachment; filename="passerelle-clinique-fictive-2026-11-24-08-00\.csv"$/,
    );
    const english = await served.request('GET', '/api/contingency.csv');
    expect(english.text).to.include('Who comes,Phone');
    for (const wrong of [
      '/api/contingency.pdf?paper=a5',
      '/api/contingency.csv?lang=de',
      `${PATHS[0]}?organization=x`,
    ]) {
      expect((await served.request('GET', wrong)).status, wrong).to.equal(400);
    }
    expect(audited(), 'what is refused shows nobody').to.have.length(2);
  });

  it('says in every form that it is stale', async () => {
    served.world.sheet = { sheet: fictiveSheet(), isStale: true };
    const json = await served.request('GET', '/api/contingency');
    expect(json.json<never>()).to.include({ stale: true, asOf: '2026-11-24T13:00:00.000Z' });
    const csv = await served.request('GET', '/api/contingency.csv?lang=fr');
    expect(csv.text.split('\r\n')[0]).to.include('La base de données ne répond pas');
  });

  it('is recorded in the spool while the chain cannot be written, and shown to nobody where that cannot be either', async () => {
    served.world.auditFailure = new Error('the database does not answer');
    expect((await served.request('GET', '/api/contingency')).status).to.equal(200);
    served.world.isCutOff = true;
    served.world.auditFailure = null;
    expect((await served.request('GET', '/api/contingency')).status, 'nobody waits for it').to.equal(200);
    expect(audited()).to.have.length(0);
    expect(served.world.spooled.map(({ event }) => event.type)).to.deep.equal([
      'contingency.read',
      'contingency.read',
    ]);
    served.world.spoolFailure = new Error('the disk is full');
    for (const path of PATHS) {
      const answer = await served.request('GET', path);
      expect(answer.status).to.equal(503);
      expect(answer.text).not.to.match(/Rose|FICR/);
    }
  });

  describe('while the database does not answer', () => {
    const lookUp = (): void => {
      const apiTokenByHash = () => Promise.reject(new Error('the database does not answer'));
      Object.assign(served.ports.access, { apiTokenByHash });
    };
    const pass = (milliseconds: number): void => {
      const before = served.ports.clock.now;
      served.ports.clock.now = () => instant(before() + milliseconds);
    };
    const statusOf = async (path: string, token: string) =>
      (await served.request('GET', path, as(token))).status;

    it('is shown to a token that was found lately, for twelve hours, and nothing else is', async () => {
      const [known, unknown] = [await tokenOf(DESK), await tokenOf([...DESK, 'passerelle/status'])];
      expect(await statusOf('/api/contingency', known)).to.equal(200);
      lookUp();
      pass(6 * HOUR);
      expect(await statusOf('/api/contingency', known)).to.equal(200);
      expect(await statusOf('/api/contingency', unknown), 'it was never found here').to.equal(401);
      expect(await statusOf('/api/contingency', `passerelle_${'x'.repeat(43)}`)).to.equal(401);
      expect(await statusOf('/fhir/Appointment', known)).to.equal(500);
      expect(await statusOf('/api/status', known)).to.equal(500);
      expect(await statusOf('/api/contingency', TOKEN), 'the administrator’s is a file').to.equal(200);
      pass(6 * HOUR + MINUTE);
      expect(await statusOf('/api/contingency', known)).to.equal(401);
    });

    it('is shown to no token that was revoked, nor to one whose time is over', async () => {
      const [revoked, short] = [await tokenOf(DESK), await tokenOf(['system/Appointment.s'])];
      for (const token of [revoked, short]) expect(await statusOf('/api/contingency', token)).to.equal(200);
      expect((await served.request('POST', '/api/tokens/accueil 2/revoke')).status).to.equal(200);
      lookUp();
      expect(await statusOf('/api/contingency', revoked)).to.equal(401);
      expect(await statusOf('/api/contingency', short)).to.equal(200);
      pass(11 * HOUR);
      expect(await statusOf('/api/contingency', short)).to.equal(200);
    });
  });
});

describe('the report of an outage over HTTP', () => {
  let served: Served;
  before(async () => {
    served = await serve();
  });
  after(() => served.close());

  type Report = { down: { connection: string; [key: string]: unknown }[]; working: { connection: string }[] };
  const report = async () => (await served.request('GET', '/api/outage')).json<never>() as Report;
  const change = (more: object): void => {
    served.world.summaries = served.world.summaries.map((each) =>
      each.id === 'vendor' ? { ...each, ...more } : each,
    );
  };

  it('is empty when all is well, and says what can be had where', async () => {
    const { down, working } = await report();
    expect(down).to.deep.equal([]);
    expect(working.map(({ connection }) => connection)).to.include('vendor');
  });

  it('says since when a platform is down, why in plain words, what waits for it, and who can be booked nowhere', async () => {
    change({
      ...{ failures: 4, failingSince: instant(NOW - HOUR), openUntil: instant(NOW + MINUTE) },
      ...{ lastError: 'unavailable: 503 {"patient":"Rose Fictive"}' },
    });
    const row = { connectionId: 'vendor', since: instant(NOW - MINUTE) };
    served.world.queued = [
      { ...row, kind: 'block', isWanted: true, isThere: false, count: 3 },
      { ...row, kind: 'block', isWanted: false, isThere: true, count: 2, since: instant(NOW - HOUR) },
      { ...row, kind: 'offer', isWanted: false, isThere: true, count: 1 },
      { ...row, kind: 'booking', isWanted: true, isThere: false, count: 5 },
      { ...row, kind: 'booking', isWanted: false, isThere: true, count: 1 },
      { ...row, kind: 'booking', isWanted: true, isThere: true, count: 1 },
    ];
    const answer = await served.request('GET', '/api/outage');
    expect(answer.text, 'what the platform said is told to nobody').not.to.include('Rose');
    const { down, working } = answer.json<never>() as Report;
    const [vendor, ...rest] = down;
    expect(rest).to.deep.equal([]);
    expect(working.map(({ connection }) => connection)).not.to.include('vendor');
    expect(vendor).to.include({
      connection: 'vendor',
      state: 'down',
      since: new Date(NOW - HOUR).toISOString(),
    });
    expect(vendor).to.have.nested.property('error.kind', 'unavailable');
    expect(vendor).to.have.nested.property('error.what.fr', 'la plateforme ne répond pas');
    expect(vendor?.['queued']).to.deep.equal({
      ...{ close: 4, open: 2, book: 5, cancel: 1, change: 1, verify: 0, total: 13 },
      oldestSince: new Date(NOW - HOUR).toISOString(),
    });
    expect(vendor).to.have.nested.property('schedules[0].stillAt');
  });

  it('tells a pause, and what is stale, from what is down', async () => {
    change({ failures: 0, failingSince: null, openUntil: null, lastError: null, paused: true });
    expect((await report()).down[0]).to.include({ state: 'paused', since: null });
    change({ paused: false, confirmedAt: instant(NOW - 24 * HOUR) });
    expect((await report()).down[0]).to.include({ state: 'stale' });
  });

  it('has words for every fault that there is, and for what nobody foresaw', () => {
    for (const kind of FAULT_KINDS) expect(kindOfError(`${kind}: x`)).to.equal(kind);
    expect(kindOfError('unexpected TypeError')).to.equal('unexpected');
    expect(kindOfError(null)).to.equal(null);
  });
});
