import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import { urlOf } from '../../src/cli/gateway-request.ts';
import { runProgram } from '../../src/cli/program.ts';
import { dependencies } from './output.ts';

const SINCE = '2026-11-01T12:00:00.000Z';
const TOKEN = 'a-made-up-token-of-the-administrator';

const STATUS = {
  at: '2026-11-24T14:41:03.000Z',
  ready: false,
  connections: [
    {
      id: 'rvsq',
      platform: 'rvsq',
      title: { fr: 'RVSQ', en: 'RVSQ' },
      ready: true,
      reasons: [],
      paused: false,
      failures: 0,
      confirmedAt: '2026-11-24T14:40:51.000Z',
      oldestDifferingSince: null,
      differing: 0,
      conflicts: 0,
      rejected: 3,
      unmapped: [{ reason: 'unmapped code TELEPATHY in visitType', records: 3 }],
      suspects: [],
    },
    {
      id: 'bonjour-sante',
      platform: 'bonjour-sante',
      title: { fr: 'Bonjour-santé', en: 'Bonjour-santé' },
      ready: false,
      reasons: ['circuit open since 2026-11-24T14:30:00.000Z: 7 faults in a row'],
      paused: false,
      failures: 7,
      confirmedAt: '2026-11-24T14:30:03.000Z',
      oldestDifferingSince: '2026-11-24T14:31:03.000Z',
      differing: 12,
      conflicts: 1,
      rejected: 0,
    },
    {
      id: 'caldav',
      platform: 'caldav',
      title: { fr: 'C', en: 'C' },
      ready: false,
      reasons: ['suspect since 2026-11-24T14:00:00.000Z'],
      suspects: [{ feedId: '/a/' }],
    },
  ],
  subscriptions: { requested: 0, active: 2, error: 1, off: 4, waiting: 40 },
};

const SYNC: Record<string, readonly object[]> = {
  rvsq: [
    { type: 'progress', feedId: '*', rows: 0, feedsDone: 0, feeds: 1 },
    { type: 'progress', feedId: '*', rows: 200, feedsDone: 0, feeds: 1 },
    { type: 'result', outcome: 'done', rows: 252, slotsChanged: 12, milliseconds: 1_234 },
  ],
  'bonjour-sante': [
    { type: 'progress', feedId: 'a', rows: 0, feedsDone: 0, feeds: 2 },
    { type: 'progress', feedId: 'b', rows: 90, feedsDone: 1, feeds: 2 },
    { type: 'result', outcome: 'failed', reason: 'unavailable: no answer' },
  ],
  // The gateway dies in the middle.
  caldav: [{ type: 'progress', feedId: 'c', rows: 0, feedsDone: 0, feeds: 1 }],
};

const KEYS = [
  { id: 1, kind: 'data', state: 'former', values: 1 },
  { id: 2, kind: 'hash', state: 'current', values: 812 },
].map((key) => ({ ...key, createdAt: SINCE, activeAt: SINCE, wrappedBy: '0011223344556677' }));
/** What a rotation answers; a test may give it other lines. */
const ROTATED = { type: 'result', outcome: 'done', sealed: 1_204, hashed: 812, left: 0 };
const rotation: { lines: readonly object[] } = { lines: [] };

const ERASED = { patients: ['p-1'], appointments: 3, waiting: 1, rejected: 2 };

const time = (from: string, to: string) => ({
  start: `2026-11-24T${from}:00.000Z`,
  end: `2026-11-24T${to}:00.000Z`,
});
const CONFLICT = {
  id: '6c0f5d0e-0000-5000-8000-000000000001',
  state: 'open',
  detectedAt: '2026-11-24T14:00:00.000Z',
  actor: 'dr-tremblay',
  timeZone: 'America/Toronto',
  bookings: {
    a: { appointment: 'x', connection: 'rvsq', ...time('15:00', '15:20'), holdsLock: false },
    b: { appointment: 'y', connection: null, ...time('15:15', '15:30'), holdsLock: true },
  },
};
const PROPOSALS = {
  a: [{ slot: 's-1', connection: 'bonjour-sante', ...time('15:45', '16:15') }],
  b: [],
};
/** What is open; a test may empty it. */
/** What the gateway was told to do. */
const told: unknown[] = [];
const conflicts = { open: [CONFLICT], complete: true };

function answer(request: IncomingMessage, response: ServerResponse): void {
  if (request.headers.authorization !== `Bearer ${TOKEN}`) {
    response.writeHead(401).end('{}');
    return;
  }
  const connection = /^\/api\/connections\/([^/]+)\/sync$/.exec(request.url ?? '')?.[1];
  const lines = SYNC[connection ?? ''];
  const list = /^\/api\/connections\/([^/]+\/rejected.*)$/.exec(request.url ?? '')?.[1];
  const [, suspect, feed] =
    /^\/api\/connections\/([^/]+)\/confirm(?:\?feed=(.+))?$/.exec(request.url ?? '') ?? [];
  const [, deed] = /^\/api\/connections\/rvsq\/(pause|resume)$/.exec(request.url ?? '') ?? [];
  if (request.method === 'GET' && request.url === '/api/status') {
    response.end(JSON.stringify(STATUS));
  } else if (request.method === 'POST' && request.url?.startsWith('/api/patients/')) {
    request.setEncoding('utf8').on('data', (body: string) => told.push(JSON.parse(body)));
    request.on('end', () =>
      response.end(request.url?.endsWith('erase') ? JSON.stringify(ERASED) : '{"type":"collection"}'),
    );
  } else if (request.method === 'GET' && request.url === '/api/keys') {
    response.end(JSON.stringify({ keys: KEYS }));
  } else if (request.method === 'POST' && request.url === '/api/keys/rotate') {
    response.end(rotation.lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  } else if (request.method === 'GET' && request.url === '/api/conflicts') {
    const { open, complete } = conflicts;
    response.end(JSON.stringify({ conflicts: open, complete }));
  } else if (request.method === 'GET' && request.url === `/api/conflicts/${CONFLICT.id}`) {
    response.end(JSON.stringify({ ...CONFLICT, proposals: PROPOSALS }));
  } else if (request.method === 'POST' && request.url === `/api/conflicts/${CONFLICT.id}/resolve`) {
    request.setEncoding('utf8').on('data', (body: string) => told.push(JSON.parse(body)));
    request.on('end', () => response.end(JSON.stringify(CONFLICT)));
  } else if (request.method === 'GET' && list !== undefined) {
    const raws = [list.endsWith('?raw=true') ? '{"nom":"Exemple"}\r\u001b[2J\u202eici' : null, null, null];
    const records = raws.map((raw, index) => ({
      externalId: index === 2 ? null : `r-${index}${index === 1 ? '\u001b' : ''}`,
      reason: 'end: missing',
      occurrences: index + 9,
      records: index === 2 ? 40 : 1,
      firstAt: '2026-11-23T14:00:00.000Z',
      lastAt: '2026-11-24T14:00:00.000Z',
      hasRaw: index < 2,
      raw,
    }));
    response.end(JSON.stringify({ records: list.startsWith('rvsq/') ? records : [] }));
  } else if (request.method === 'POST' && deed !== undefined) {
    const pausedAt = deed === 'pause' ? SINCE : null;
    response.end(JSON.stringify({ connection: 'rvsq', pausedAt }));
  } else if (request.method === 'POST' && suspect !== undefined) {
    const feeds = suspect === 'caldav' ? ['/a/', '/b/'] : [];
    const confirmed = feeds.filter((each) => feed === undefined || each === decodeURIComponent(feed));
    response.end(JSON.stringify({ confirmed }));
  } else if (request.method === 'POST' && lines !== undefined) {
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    // Cut in the middle of a line, as a network does.
    response.write(text.slice(0, 30));
    setImmediate(() => response.end(text.slice(30)));
  } else {
    const outcome = { resourceType: 'OperationOutcome', issue: [{ diagnostics: 'there is no such thing' }] };
    response.writeHead(404).end(JSON.stringify(outcome));
  }
}

describe('commands that ask the running gateway', () => {
  let server: Server;
  let url: string;
  let folder: string;

  before(async () => {
    server = createServer(answer);
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('the server has no port');
    url = `http://127.0.0.1:${address.port}`;
    folder = await mkdtemp(join(tmpdir(), 'passerelle-cli-'));
    await writeFile(join(folder, 'admin-token'), `${TOKEN}\n`);
  });
  after(async () => {
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true });
  });

  const run = async (args: readonly string[], more: Record<string, string> = {}, stdin = '') => {
    const port = new URL(url).port;
    const given = dependencies({
      variables: { PORT: port, PASSERELLE_DATA: folder, ...more },
      stdin: Readable.from([stdin]),
    });
    const code = await runProgram(given, ['node', 'passerelle', ...args]);
    return { code, out: given.out(), err: given.err() };
  };

  it('status: a row for each connection, and why one is not ready', async () => {
    const { code, out } = await run(['status']);
    expect(code).to.equal(0);
    expect(out).to.equal(
      [
        'CONNECTION     PLATFORM       HEALTH      LAG  LAST SYNC   DIFFERING  CONFLICTS  REJECTED',
        'rvsq           rvsq           ready         -  12 s ago            0          0         3',
        'bonjour-sante  bonjour-sante  down     10 min  11 min ago         12          1         0',
        'caldav         caldav         suspect       -  never               -          -         -',
        '',
        'bonjour-sante: circuit open since 2026-11-24T14:30:00.000Z: 7 faults in a row',
        'caldav: suspect since 2026-11-24T14:00:00.000Z',
        'rvsq: unmapped code TELEPATHY in visitType of 3 records: add it to mappings/rvsq/',
        '1 conflict is open: passerelle conflicts',
        "1 of 3 subscribers can't be told, and 40 changes wait: GET /fhir/Subscription",
        '',
      ].join('\n'),
    );
  });

  it('status --json: as the gateway said it', async () => {
    const { out } = await run(['status', '--json']);
    expect(JSON.parse(out)).to.deep.equal(STATUS);
  });

  it('confirm: for all suspect feeds of a connection, or for one', async () => {
    const line = (feed: string) =>
      `caldav: confirmed for the feed ${feed}; its next complete reading is taken at its word\n`;
    expect(await run(['confirm', 'caldav'])).to.deep.equal({
      code: 0,
      out: line('/a/') + line('/b/'),
      err: '',
    });
    expect((await run(['confirm', 'caldav', '/b/'])).out).to.equal(line('/b/'));
  });

  it('confirm: fails where nothing is suspect, so that a slip of the pen is seen', async () => {
    const { code, err } = await run(['confirm', 'rvsq']);
    expect({ code, err }).to.deep.equal({
      code: 1,
      err: 'no feed of rvsq is suspect: there is nothing to confirm\n',
    });
    expect((await run(['confirm', 'caldav', '/c/'])).err).to.contain(
      'the feed "/c/" of caldav is not suspect',
    );
  });

  it('pause and resume: one connection, and what that means', async () => {
    expect(await run(['pause', 'rvsq'])).to.deep.equal({
      code: 0,
      out: `rvsq: paused since ${SINCE}; what is taken elsewhere is not closed there until: passerelle resume rvsq\n`,
      err: '',
    });
    expect((await run(['resume', 'rvsq'])).out).to.equal(
      'rvsq: it goes on; it is read now, and written what it missed\n',
    );
    const unknown = await run(['pause', 'rsvq']);
    expect([unknown.code, unknown.err]).to.deep.equal([
      1,
      `${url}/api/connections/rsvq/pause answers 404: there is no such thing\n`,
    ]);
  });

  it('rejected: a row for each record, and what it was only with --raw, after a warning', async () => {
    const rows = [
      'RECORD                      COUNT  FIRST                     LAST                      REASON',
      'r-0                             9  2026-11-23T14:00:00.000Z  2026-11-24T14:00:00.000Z  end: missing',
      'r-1\\u{1b}                      10  2026-11-23T14:00:00.000Z  2026-11-24T14:00:00.000Z  end: missing',
      '(40 without a readable id)     11  2026-11-23T14:00:00.000Z  2026-11-24T14:00:00.000Z  end: missing',
      '',
    ].join('\n');
    expect(await run(['rejected', 'rvsq'])).to.deep.equal({ code: 0, out: rows, err: '' });
    const { out, err } = await run(['rejected', 'rvsq', '--raw']);
    expect(err).to.contain('may hold personal data');
    expect(out).to.equal(
      [
        `${rows}\nr-0: end: missing`,
        // What it would do to a terminal is only shown.
        '{"nom":"Exemple"}\n\\u{1b}[2J\\u{202e}ici\n\nr-1\\u{1b}: end: missing',
        '(it cannot be opened: the log of the gateway says why)\n\n(40 without a readable id): end: missing',
        '(no raw form was kept)\n',
      ].join('\n'),
    );
    expect((await run(['rejected', 'caldav'])).out).to.equal('caldav: no record is set aside\n');
  });

  it('conflicts: a row for each, and where either booking could go', async () => {
    const { code, out } = await run(['conflicts']);
    expect(code).to.equal(0);
    expect(out).to.equal(
      [
        'CONFLICT                              SINCE                     ACTOR        A                            B                                  IN THE LOCK',
        `${CONFLICT.id}  2026-11-24T14:00:00.000Z  dr-tremblay  rvsq Tue 24 Nov 10:00–10:20  passerelle Tue 24 Nov 10:15–10:30  B`,
        '',
        CONFLICT.id,
        '  A could go to',
        '    Tue 24 Nov 10:45–11:15  bonjour-sante  s-1',
        '  B could go nowhere now: no slot that is free by a fresh reading, long enough and released begins in an hour or later',
        '',
        'To settle one: passerelle resolve <conflict> keep-a | keep-b | keep-both | move <a|b> <slot>',
        '',
      ].join('\n'),
    );
  });

  it('conflicts: says so when there are more, or none', async () => {
    conflicts.complete = false;
    expect((await run(['conflicts'])).out).to.contain('\nThere are more: these are the soonest.\n');
    Object.assign(conflicts, { open: [], complete: true });
    expect((await run(['conflicts'])).out).to.equal('no conflict is open\n');
  });

  it('resolve: tells the gateway, and says what follows', async () => {
    expect(await run(['resolve', CONFLICT.id, 'keep-b'])).to.deep.equal({
      code: 0,
      out: `${CONFLICT.id}: settled, keep-b; the booking on rvsq Tue 24 Nov 10:00–10:20 is cancelled there as soon as it answers\n`,
      err: '',
    });
    expect((await run(['resolve', CONFLICT.id, 'keep-a'])).out).to.contain('on passerelle Tue 24 Nov 10:15');
    expect((await run(['resolve', CONFLICT.id, 'keep-both'])).out).to.equal(
      `${CONFLICT.id}: settled, keep-both; both stay, until one of them is moved\n`,
    );
    expect(told).to.deep.equal(['keep-b', 'keep-a', 'keep-both'].map((resolution) => ({ resolution })));
  });

  it('resolve: moves one to a slot, if it is said which to where', async () => {
    const { out } = await run(['resolve', CONFLICT.id, 'move', 'a', 's-1']);
    expect(out).to.equal(
      `${CONFLICT.id}: settled, move; the booking on rvsq Tue 24 Nov 10:00–10:20 is moved: the new time is confirmed there, and the old one given up\n`,
    );
    expect(told.at(-1)).to.deep.equal({ resolution: 'move', booking: 'a', slot: 's-1' });
    const before = told.length;
    for (const rest of [['move'], ['move', 'a'], ['move', 'c', 's-1'], ['keep-a', 'b']])
      expect((await run(['resolve', CONFLICT.id, ...rest])).err).to.contain('move <a|b> <slot>');
    expect(told).to.have.length(before);
  });

  it('resolve: says why not, and knows no other way', async () => {
    const other = await run(['resolve', 'nothing', 'keep-a']);
    expect([other.code, other.err]).to.deep.equal([
      1,
      `${url}/api/conflicts/nothing/resolve answers 404: there is no such thing\n`,
    ]);
    expect((await run(['resolve', CONFLICT.id, 'keep'])).err).to.contain(
      'Allowed choices are keep-a, keep-b',
    );
  });

  it('patient export and erase: who it is comes on standard input, and is in no address', async () => {
    told.length = 0;
    const exported = await run(['patient', 'export'], {}, ' FICA01010113\n');
    expect([exported.code, exported.out]).to.deep.equal([0, '{"type":"collection"}\n']);
    expect(exported.err).to.match(/^What follows is personal data/);
    const erased = await run(['patient', 'erase'], {}, 'FICA01010113');
    expect(erased.code).to.equal(0);
    expect(erased.out).to.contain(
      'erased: p-1; 3 appointments name nobody any more\nerased: what 2 records were',
    );
    expect(erased.out).to.contain('1 bookings are still to be told').and.not.to.contain('FICA');
    expect(told).to.deep.equal([{ patient: 'FICA01010113' }, { patient: 'FICA01010113' }]);
  });

  it('patient: refuses who is given as an argument, and wants somebody', async () => {
    expect((await run(['patient', 'erase', 'FICA01010113'])).code).to.equal(1);
    const nobody = await run(['patient', 'erase'], {}, '\n');
    expect(nobody.err).to.match(/^give a health insurance number or the id of a Patient on standard input/);
  });

  it('keys list: a row for each, and nothing of what it is', async () => {
    const { code, out } = await run(['keys', 'list']);
    expect([code, out]).to.deep.equal([
      0,
      [
        'KEY  KIND  STATE    VALUES  IN USE SINCE              WRAPPED BY',
        `  1  data  former        1  ${SINCE}  0011223344556677`,
        `  2  hash  current     812  ${SINCE}  0011223344556677`,
        '',
      ].join('\n'),
    ]);
  });

  it('keys rotate: says how far it is, and what is left', async () => {
    rotation.lines = [{ type: 'progress', sealed: 200, hashed: 0, left: 0 }, ROTATED];
    const good = await run(['keys', 'rotate']);
    expect(good.code).to.equal(0);
    expect(good.out).to.contain(
      '200 values sealed anew, 0 hashes made anew\ndone: 1204 values sealed anew, 812',
    );
    rotation.lines = [{ ...ROTATED, left: 2 }];
    const bad = await run(['keys', 'rotate']);
    expect(bad.code).to.equal(1);
    expect(bad.err).to.match(/^2 values cannot be opened, and stay as they are/);
  });

  it('keys rotate: says that it goes on where the gateway failed or went away', async () => {
    const failed = { type: 'result', outcome: 'failed', reason: 'the server failed; its log has it under x' };
    for (const lines of [[], [failed]]) {
      rotation.lines = lines;
      const { code, err } = await run(['keys', 'rotate']);
      expect(code).to.equal(1);
      expect(err).to.match(/Nothing is lost: it goes on at the next start, and every hour$/m);
    }
  });

  it('sync: plain lines where there is no terminal', async () => {
    const { code, out } = await run(['sync', 'rvsq']);
    expect(code).to.equal(0);
    expect(out).to.equal(
      [
        'rvsq: 0 of 1 calendars, 0 rows',
        'rvsq: done, 252 rows read, 12 slots new or changed, in 1.2 s',
        '',
      ].join('\n'),
    );
  });

  it('sync: all of them, and exit code 1 when one failed', async () => {
    const { code, out, err } = await run(['sync']);
    expect(code).to.equal(1);
    expect(out).to.contain('rvsq: done');
    expect(out).to.contain('bonjour-sante: 1 of 2 calendars, 90 rows\n');
    expect(out).to.contain('bonjour-sante: failed: unavailable: no answer\n');
    expect(out).to.contain('caldav: failed: the gateway went away before it had finished\n');
    expect(err).to.equal('not read: bonjour-sante, caldav\n');
  });

  it('sync: names the connections when it was asked for another', async () => {
    const { code, err } = await run(['sync', 'nobody']);
    expect(code).to.equal(1);
    expect(err).to.equal('no connection "nobody"; there is rvsq, bonjour-sante, caldav\n');
  });

  it('takes another address and token', async () => {
    const { code } = await run(['status', '--url', `${url}/`, '--token', TOKEN], {
      PORT: '1',
      PASSERELLE_DATA: '/nowhere',
    });
    expect(code).to.equal(0);
  });

  it('takes its token nowhere else, whatever it is told', async () => {
    const seen: string[] = [];
    const other = createServer((request, response) => {
      seen.push(request.headers.authorization ?? '');
      response.writeHead(302, { location: `${url}/api/status` }).end();
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const { code, err } = await run(['status', '--url', `http://127.0.0.1:${port}`]);
    await new Promise((resolve) => other.close(resolve));
    expect([code, seen]).to.deep.equal([1, [`Bearer ${TOKEN}`]]);
    expect(err).to.contain('unexpected redirect');
  });

  it('says when an answer breaks off', async () => {
    const broken = createServer((_request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"at":');
      setImmediate(() => response.destroy());
    });
    await new Promise<void>((resolve) => broken.listen(0, '127.0.0.1', resolve));
    const { port } = broken.address() as AddressInfo;
    const { code, err } = await run(['status', '--url', `http://127.0.0.1:${port}`]);
    await new Promise((resolve) => broken.close(resolve));
    expect([code, err]).to.deep.equal([
      1,
      `http://127.0.0.1:${port}/api/status gave no whole answer: try again\n`,
    ]);
  });

  it('says when the token is refused', async () => {
    const { code, err } = await run(['status', '--token', 'wrong']);
    expect(code).to.equal(1);
    expect(err).to.contain('refuses the token').and.not.to.contain('wrong');
  });

  it('says when there is no token, and how to start', async () => {
    const { code, err } = await run(['status'], { PASSERELLE_DATA: join(folder, 'nothing') });
    expect(code).to.equal(1);
    expect(err)
      .to.match(/no token in .*nothing\/admin-token/)
      .and.to.contain('passerelle serve');
  });

  it('says when nobody answers, and how to start', async () => {
    const probe = createServer();
    await new Promise<void>((resolve) => {
      probe.listen(0, '127.0.0.1', resolve);
    });
    const address = probe.address();
    if (address === null || typeof address === 'string') throw new Error('the server has no port');
    await new Promise((resolve) => probe.close(resolve));
    const { code, err } = await run(['status'], { PORT: String(address.port) });
    expect(code).to.equal(1);
    expect(err).to.match(/^no gateway answers at http:\/\/127\.0\.0\.1:\d+ \(.*ECONNREFUSED.*\)/);
    expect(err).to.contain('passerelle serve');
  });

  it('says what is wrong with the environment', async () => {
    const { code, err } = await run(['status'], { PORT: 'x' });
    expect(code).to.equal(1);
    expect(err).to.equal('PORT must be a port, 0 to 65535, such as 8080\n');
  });

  it('reaches a gateway that listens everywhere by the loopback', () => {
    expect(urlOf('0.0.0.0', 8080)).to.equal('http://127.0.0.1:8080');
    expect(urlOf('::', 8080)).to.equal('http://[::1]:8080');
    expect(urlOf('localhost', 8080)).to.equal('http://localhost:8080');
  });
});

describe('the command line itself', () => {
  const run = async (args: readonly string[]) => {
    const given = dependencies({});
    const code = await runProgram(given, ['node', 'passerelle', ...args]);
    return { code, out: given.out(), err: given.err() };
  };

  it('helps', async () => {
    const { code, out } = await run(['--help']);
    expect(code).to.equal(0);
    for (const name of [
      'serve',
      'work',
      'sync',
      'status',
      'conflicts',
      'resolve',
      'doctor',
      'schema',
      'simulator',
    ]) {
      expect(out).to.match(new RegExp(`^ {2}${name}\\b`, 'm'));
    }
  });

  it('refuses what it does not know', async () => {
    expect((await run(['frobnicate'])).code).to.equal(1);
    expect((await run(['serve', '--lang', 'de'])).err).to.contain('Allowed choices are en, fr');
  });

  it('prints the JSON Schema', async () => {
    const { code, out } = await run(['schema']);
    expect(code).to.equal(0);
    expect(JSON.parse(out).title).to.equal('Passerelle configuration');
  });

  it('knows no simulator by another name', async () => {
    const { code, err } = await run(['simulator', '../../x']);
    expect(code).to.equal(1);
    expect(err).to.contain('no simulator "../../x"');
  });

  it('wants a shared database for several processes', async () => {
    const { code, err } = await run(['work']);
    expect(code).to.equal(1);
    expect(err).to.contain('DATABASE_URL');
  });
});
