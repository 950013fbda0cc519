import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { jwtVerify } from 'jose';
import { startMedplum, TOKEN } from '../../adapters/fhir-r4/bench/server.ts';
import { medplumTarget } from '../../adapters/fhir-r4/bench/target.ts';
import targets from '../../adapters/fhir-r4/conformance.ts';
import { make, unmake } from '../../src/conformance/commands.ts';
import { type Context, faultOf, known } from '../../src/conformance/context.ts';
import { conforms, ownCases } from '../../src/conformance/mocha.ts';
import type { Seen } from '../../src/conformance/proxy.ts';

for (const target of targets) conforms(`fhir-r4 on ${target.name}`, target, 'platinum');

const own = ownCases(medplumTarget({ blocks: 'slot', changes: 'lastUpdated' }));
const snapshot = ownCases(medplumTarget({ blocks: 'slot', changes: 'snapshot' }));

/** Has something done once, just before the first request that fits goes on to the server. */
function before(context: Context, fits: (seen: Seen) => boolean, work: () => void): void {
  let isDone = false;
  context.proxy.set({ kind: 'tamper', change: (body) => body }, (seen) => {
    if (!isDone && fits(seen)) {
      isDone = true;
      work();
    }
    return false;
  });
}

/** Another client of the server, straight to it. */
const fetchOf = (context: Context, path: string, method = 'GET', body?: object): Promise<Response> =>
  fetch(`${context.bench.baseUrl}/${path}`, {
    method,
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/fhir+json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });

const edited = (body: string, change: (bundle: { [key: string]: unknown }) => object): string => {
  const json = JSON.parse(body);
  return json.resourceType === 'Bundle' ? JSON.stringify(change(json)) : body;
};

describe('fhir-r4, by itself', () => {
  own('gives way to a stranger who books at the same moment', async (context) => {
    const time = await context.free();
    let stranger: Promise<string | null> | null = null;
    // It has looked, and nobody was there.
    before(
      context,
      ({ method }) => method === 'POST',
      () => {
        stranger = context.patientBooks(time);
      },
    );
    const written = await make('book', context, context.connect(), time, context.mark());
    expect(written).to.deep.equal({ outcome: 'taken' });
    expect((await context.periodsAt(time.interval)).map(({ id }) => id)).to.deep.equal([await stranger]);
  });

  own('of two gateways that book at the same moment, never two have the time', async (context) => {
    const time = await context.free();
    const outcomes = await Promise.all(
      [1, 2].map(() => make('book', context, context.connect(), time, context.mark())),
    );
    const booked = outcomes.filter(({ outcome }) => outcome === 'done');
    const standing = await context.periodsAt(time.interval);
    expect(booked.length).to.be.lessThan(2);
    expect(standing).to.have.length(booked.length);
  });

  own('makes one thing where the server knows no conditional create, and made two', async (context) => {
    const platform = context.connect();
    const time = await context.free();
    const mark = context.mark();
    const first = known(await make('block', context, platform, time, mark));
    const { id: _, meta: __, ...copy } = JSON.parse(await (await fetchOf(context, first.externalId)).text());
    await fetchOf(context, 'Slot', 'POST', copy);
    expect(await context.periodsAt(time.interval)).to.have.length(2);
    // 412: several have it.
    const again = known(await make('block', context, platform, time, mark));
    expect(again.externalId).to.equal(first.externalId);
    expect((await context.periodsAt(time.interval)).map(({ id }) => id)).to.deep.equal([first.externalId]);
  });

  own('closes a time again that was opened, though the old number still stands there', async (context) => {
    const platform = context.connect({
      settings: { ...context.bench.settings(context.proxy.url), blocks: 'appointment' },
    });
    const time = await context.free();
    const mark = context.mark();
    const first = known(await make('block', context, platform, time, mark));
    await unmake('block', context, platform, mark, first);
    const second = known(await make('block', context, platform, time, mark));
    expect(second.externalId).not.to.equal(first.externalId);
    expect((await context.periodsAt(time.interval)).map(({ id }) => id)).to.deep.equal([second.externalId]);
  });

  own('goes to no other server for the next page', async (context) => {
    context.proxy.set({
      kind: 'tamper',
      change: (body) =>
        edited(body, (bundle) => ({
          ...bundle,
          link: [{ relation: 'next', url: 'http://127.0.0.2:1/Slot' }],
        })),
    });
    const fault = await faultOf(() => context.read(context.connect()));
    expect([fault.kind, fault.message]).to.deep.equal([
      'malformed',
      'the next page is on another server, or outside of baseUrl',
    ]);
  });

  own('takes a list that ends before its total for cut, and not for whole', async (context) => {
    context.proxy.set({
      kind: 'tamper',
      change: (body) => edited(body, (bundle) => ({ ...bundle, link: [] })),
    });
    const fault = await faultOf(() => context.read(context.connect()));
    expect(fault.message).to.contain('the list ends before its total');
  });

  own('closes what has a status that R4 does not have, and reports the code', async (context) => {
    const time = await context.free();
    const booking = await context.patientBooks(time);
    context.proxy.set({
      kind: 'tamper',
      change: (body) => body.replaceAll('"status":"booked"', '"status":"awaiting_confirmation"'),
    });
    const { rows, rejected } = await context.read(context.connect());
    const row = rows.find(({ externalId }) => externalId === booking);
    expect(row).to.include({ kind: 'busy', busyKind: 'block' });
    expect(rejected.map(({ externalId, reason }) => [externalId, reason])).to.deep.include([
      booking,
      'unmapped code awaiting_confirmation in Appointment.status',
    ]);
  });

  own('does not keep a booking that the server made pending', async (context) => {
    const time = await context.free();
    context.proxy.set(
      { kind: 'tamper', change: (body) => body.replaceAll('"status":"booked"', '"status":"pending"') },
      ({ method, path }) => method === 'GET' && path.includes('identifier='),
    );
    const fault = await faultOf(() => make('book', context, context.connect(), time, context.mark()));
    expect([fault.kind, fault.message]).to.deep.equal([
      'unsure',
      'after a write: Appointment: the server keeps it with another status than was written',
    ]);
    expect(await context.periodsAt(time.interval)).to.deep.equal([]);
  });

  own('books no slot that was taken off the offer since', async (context) => {
    const time = await context.free();
    const slot = JSON.parse(await (await fetchOf(context, time.slot ?? '')).text());
    await fetchOf(context, time.slot ?? '', 'PUT', { ...slot, status: 'busy' });
    expect(await make('book', context, context.connect(), time, context.mark())).to.deep.equal({
      outcome: 'taken',
    });
  });

  snapshot('reads all each time where it is told to', async (context) => {
    const platform = context.connect();
    const first = await context.read(platform);
    expect(first.end).to.deep.include({ kind: 'end', cursor: null });
    expect((await context.read(platform, 'any')).end).to.deep.equal({ kind: 'cursorExpired' });
  });

  own('says what to set where the server cannot search by _lastUpdated', async (context) => {
    context.proxy.set({ kind: 'tamper', change: (body) => body.replaceAll('_lastUpdated', '_other') });
    const platform = context.connect();
    const fault = await faultOf(() => platform.check(AbortSignal.timeout(5_000)));
    expect(fault.message).to.equal(
      'metadata: Slot cannot be searched by _lastUpdated: set changes to snapshot',
    );
  });
});

describe('fhir-r4, its credentials', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' });

  const withAuth = ownCases(medplumTarget({ blocks: 'slot', changes: 'snapshot' }));

  withAuth('are asked for once, by a signed assertion, and kept until they end', async (context) => {
    const asked: string[] = [];
    const authority = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', async () => {
        const form = new URLSearchParams(Buffer.concat(chunks).toString());
        const audience = `http://127.0.0.1:${(authority.address() as AddressInfo).port}/token`;
        const { payload, protectedHeader } = await jwtVerify(form.get('client_assertion') ?? '', publicKey, {
          ...{ audience, issuer: 'passerelle', subject: 'passerelle', algorithms: ['ES384'] },
        });
        asked.push(`${protectedHeader.kid} ${payload.jti}`);
        response.end(JSON.stringify({ access_token: TOKEN, token_type: 'bearer', expires_in: 300 }));
      });
    });
    await new Promise<void>((resolve) => authority.listen(0, '127.0.0.1', resolve));
    try {
      const tokenUrl = `http://127.0.0.1:${(authority.address() as AddressInfo).port}/token`;
      const auth = {
        kind: 'smart',
        ...{ tokenUrl, clientId: 'passerelle', keyId: 'k-1', algorithm: 'ES384' },
        privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }),
      };
      const settings = { baseUrl: context.proxy.url, auth };
      const platform = context.connect({ settings });
      await Promise.all([context.read(platform), context.read(platform)]);
      await context.read(platform);
      expect(asked).to.have.length(1);
      // Refused once, it is asked for anew.
      context.proxy.set({ kind: 'status', status: 401 });
      await faultOf(() => context.read(platform));
      context.proxy.set(null);
      await context.read(platform);
      expect(new Set(asked).size).to.equal(2);
    } finally {
      authority.close();
    }
  });

  withAuth('are a name and a password, or none', async (context) => {
    const basic = `Basic ${Buffer.from('clinique:secret').toString('base64')}`;
    for (const [auth, expected] of [
      [{ kind: 'basic', username: 'clinique', password: 'secret' }, basic],
      [{ kind: 'none' }, undefined],
    ] as const) {
      const server = await startMedplum((given) => given === expected);
      try {
        const check = async (baseUrl: string) =>
          context.connect({ settings: { baseUrl, auth } }).check(AbortSignal.timeout(5_000));
        await check(server.url);
        // The suite's own server asks for another.
        expect((await faultOf(() => check(context.proxy.url))).kind).to.equal('unauthorized');
      } finally {
        await server.close();
      }
    }
  });
});
