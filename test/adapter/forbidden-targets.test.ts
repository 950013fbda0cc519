import { expect } from 'chai';
import { simulator as calCom } from '../../adapters/cal-com/conformance.ts';
import { simulator as easyAppointments } from '../../adapters/easy-appointments/conformance.ts';
import { CLIENT as GOOGLE_CLIENT } from '../../adapters/google-calendar/simulator/account.ts';
import { simulator as openmrs } from '../../adapters/openmrs-appointments/conformance.ts';
import { simulator as oscar } from '../../adapters/oscar/conformance.ts';
import type { Platform } from '../../src/adapter/contract.ts';
import { createTargets, type Resolve } from '../../src/adapter/targets.ts';
import { parseConfiguration } from '../../src/config/read-configuration.ts';
import { Directory } from '../../src/domain/directory.ts';
import { DAY, HOUR, instant } from '../../src/domain/instant.ts';
import { connectPlatform } from '../../src/platforms.ts';
import { allAdapters } from '../config/adapters.ts';
import { faultOf, platformHttp } from '../support/platform-http.ts';
import { type Subscriber, startSubscriber } from '../support/subscriber.ts';

const resolving =
  (...addresses: string[]): Resolve =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

describe('a connection to a platform', () => {
  let server: Subscriber;
  beforeEach(async () => {
    server = await startSubscriber();
  });
  afterEach(() => server.close());

  const call = async (
    baseUrl: string,
    allowed: string[],
    resolve: Resolve,
    method: 'GET' | 'POST' = 'GET',
  ) => {
    const http = platformHttp(baseUrl, { targets: createTargets(allowed, resolve) });
    try {
      const fault = await faultOf(() => http.request({ method, path: '/x' }));
      return `${fault.kind}: ${fault.message}`;
    } finally {
      http.close();
    }
  };
  const PRIVATE =
    'has an address that is not public: if it is the platform’s, add it to allowedTargets of the connection';

  it('is not made to an address that is not public, by its literal', async () => {
    for (const host of [
      '127.0.0.1',
      '[::1]',
      '10.1.2.3',
      '169.254.169.254',
      '2130706433',
      '[::ffff:7f00:1]',
    ]) {
      for (const scheme of ['http', 'https']) {
        const url = `${scheme}://${host}:${server.port}`;
        expect(await call(url, [], resolving())).to.equal(
          `forbidden: GET /x: not called, since ${new URL(url).hostname} ${PRIVATE}`,
        );
      }
    }
    expect(server.received).to.deep.equal([]);
  });

  it('is not made where a name leads to such an address, also beside a public one', async () => {
    for (const addresses of [['127.0.0.1'], ['93.184.215.14', '127.0.0.1'], ['::ffff:127.0.0.1']]) {
      for (const method of ['GET', 'POST'] as const) {
        const url = `https://platform.example:${server.port}`;
        expect(await call(url, ['10.0.0.0/8'], resolving(...addresses), method)).to.equal(
          `forbidden: ${method} /x: not called, since platform.example ${PRIVATE}`,
        );
      }
    }
    expect(server.received).to.deep.equal([]);
  });

  it('is not made by http, unless that is allowed', async () => {
    const url = `http://platform.example:${server.port}`;
    expect(await call(url, [], resolving('93.184.215.14'))).to.equal(
      'forbidden: GET /x: not called, since platform.example would be called by http: ' +
        'write https, or add it to allowedTargets of the connection',
    );
    expect(await call('http://93.184.215.14', [], resolving())).to.contain('would be called by http');
  });

  it('is looked at again each time: a name that leads elsewhere by then gains nothing', async () => {
    let address = '127.0.0.2';
    const targets = createTargets(['127.0.0.2'], async () => [{ address, family: 4 }]);
    const http = platformHttp(`http://platform.example:${server.port}`, { targets });
    const read = () => http.request({ method: 'GET', path: '/x' });
    // Nobody listens there, but it was tried.
    expect((await faultOf(read)).message).to.equal('GET /x: ECONNREFUSED');
    address = '127.0.0.1';
    expect((await faultOf(read)).kind).to.equal('forbidden');
    expect(server.received).to.deep.equal([]);
    http.close();
  });

  it('is made where the configuration allows the name, the address or the network', async () => {
    for (const allowed of ['platform.example', '127.0.0.1', '127.0.0.0/8']) {
      const targets = createTargets([allowed], resolving('127.0.0.1'));
      const http = platformHttp(`http://platform.example:${server.port}`, { targets });
      expect((await http.request({ method: 'GET', path: '/x' })).status, allowed).to.equal(200);
      http.close();
    }
  });
});

/** What each needs besides its address. */
const SETTINGS: Readonly<Record<string, (url: string) => object>> = {
  'bonjour-sante': (baseUrl) => ({ baseUrl, apiKey: 'k', webhookSecret: 'un-secret-pour-les-essais' }),
  rvsq: (baseUrl) => ({ baseUrl, apiKey: 'k' }),
  caldav: (serverUrl) => ({ serverUrl, token: 'k' }),
  'smart-scheduling-links': (url) => ({ url: `${url}/$bulk-publish`, everySeconds: 0 }),
  roster: (url) => ({ documents: [{ url, format: 'json' }] }),
  ics: (url) => ({ calendars: { '/agenda/': { url } } }),
  'fhir-r4': (baseUrl) => ({ baseUrl, auth: { kind: 'bearer', token: 'k' } }),
  'clic-sante': (baseUrl) => ({
    ...{ baseUrl, username: 'u', password: 'k', establishment: '1', services: ['2'] },
    appointments: { baseUrl: `${baseUrl}/fhir`, token: 'k', calendar: '3' },
  }),
  'cal-com': calCom.settings,
  'easy-appointments': easyAppointments.settings,
  'google-calendar': (baseUrl) => ({ baseUrl, tokenUrl: `${baseUrl}/token`, ...GOOGLE_CLIENT }),
  'openmrs-appointments': openmrs.settings,
  oscar: oscar.settings,
};

/** Of a thing that is there, where an id of another form is known to be of none. */
const IDS: Readonly<Record<string, string>> = { 'easy-appointments': '12' };

let adapters: Awaited<ReturnType<typeof allAdapters>>;

describe('every call of an adapter asks where it may go', () => {
  before(async () => {
    adapters = await allAdapters();
  });

  it('and none is forgotten here', async () => {
    const calling = [...adapters.values()]
      .filter(({ manifest }) => manifest.capabilities.agenda === 'there')
      // Who only tells is not called by HTTP: mllp.test.ts, mailbox-dovecot.test.ts.
      .filter(({ manifest }) => manifest.capabilities.pull !== 'none')
      .map(({ manifest }) => manifest.id);
    expect(Object.keys(SETTINGS)).to.have.members(calling);
  });

  for (const [id, settingsFor] of Object.entries(SETTINGS)) {
    it(id, async () => {
      const server = await startSubscriber();
      try {
        const settings = settingsFor(`http://127.0.0.1:${server.port}`);
        for (const [name, work] of worksOf(platformOf(id, settings, []), IDS[id])) {
          const kind = await faultOf(work).then(
            (fault) => fault.kind,
            (error: Error) => error.message,
          );
          expect(kind, name).to.equal('forbidden');
        }
        expect(server.received).to.deep.equal([]);
        // The same calls do go out where it is allowed: else this would show nothing.
        for (const [name, work] of worksOf(platformOf(id, settings, ['127.0.0.1']), IDS[id])) {
          server.received.length = 0;
          await work().catch(() => undefined);
          expect(server.received, name).not.to.deep.equal([]);
        }
      } finally {
        await server.close();
      }
    });
  }
});

function platformOf(platform: string, settings: object, allowedTargets: string[]): Platform {
  const document = {
    organization: { id: 'fictive', name: 'Clinique fictive' },
    locations: [{ id: 'ici', name: 'Ici' }],
    services: [{ id: 'famille', name: { fr: 'Famille', en: 'Family' } }],
    practitioners: [{ id: 'dr', family: 'Fictif', given: 'Essai' }],
    schedules: [{ id: 'dr', practitioner: 'dr', location: 'ici', service: 'famille' }],
    connections: [
      {
        id: 'a',
        platform,
        allowedTargets,
        settings,
        calendars: [{ id: '/agenda/', schedule: 'dr', topology: platform === 'roster' ? 'shifts' : 'block' }],
      },
    ],
  };
  const configuration = parseConfiguration(JSON.stringify(document), 'test', adapters, {});
  const [connection] = configuration.connections;
  if (!connection) throw new Error('there is a connection');
  return connectPlatform(connection, new Directory(configuration.directory));
}

const UNKNOWN = {
  ...{ availableSince: null, eligibility: null, reasons: null },
  ...{ reorientation: null, mode: null, bookingUrl: null },
};

const readBackOf = (
  readBack: NonNullable<Platform['readBack']>,
  mark: string,
): [string, () => Promise<unknown>] => ['readBack', () => readBack('/agenda/', mark as never)];

/** All that makes calls: `check`, a reading, a look by our mark, and the operations. */
function worksOf(platform: Platform, externalId = '/agenda/x.ics'): [string, () => Promise<unknown>][] {
  // Tomorrow in the morning: a platform need not be asked whether it has a time of the night.
  const start = Math.floor(Date.now() / DAY) * DAY + DAY + 14 * HOUR;
  const window = { start: instant(start), end: instant(start + HOUR) };
  const known = { externalId, revision: '1' };
  const mark = 'passerelle:6c0f5d0e-0000-5000-8000-000000000001';
  const command = {
    calendar: '/agenda/',
    mark,
    interval: window,
    known,
    slot: null,
    patient: null,
    hold: null,
  };
  const { signal } = new AbortController();
  return [
    ['check', () => platform.check(signal)],
    [
      'read',
      async () => {
        const request = { calendars: ['/agenda/'], cursor: null, window, signal };
        for await (const page of platform.read(request)) expect(page.kind).not.to.equal('end');
      },
    ],
    ...(platform.readBack ? [readBackOf(platform.readBack, mark)] : []),
    ...Object.entries(platform.operations).map(([name, operation]): [string, () => Promise<unknown>] => [
      name,
      () =>
        (operation as (given: object) => Promise<unknown>)({
          ...command,
          expiresAt: window.end,
          attributes: UNKNOWN,
        }),
    ]),
  ];
}
