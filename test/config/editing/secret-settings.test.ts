import { expect } from 'chai';
import { shownSettings, type Taking, takenSettings } from '../../../src/config/editing/secret-settings.ts';
import { jsonSchemaOf } from '../../../src/config/schema-node.ts';
import { allAdapters } from '../adapters.ts';

const adapters = await allAdapters();

function schemaOf(platform: string) {
  const adapter = adapters.get(platform);
  if (!adapter) throw new Error(`there is no ${platform}`);
  return jsonSchemaOf(adapter.manifest.settings);
}

/** The names of what is marked, however deep. */
function markedIn(node: unknown, name = ''): string[] {
  if (typeof node !== 'object' || node === null) return [];
  const own = 'writeOnly' in node && node.writeOnly === true ? [name] : [];
  return [
    ...own,
    ...Object.entries(node).flatMap(([key, inner]) =>
      key === 'properties'
        ? Object.entries(inner as object).flatMap(([property, each]) => markedIn(each, property))
        : markedIn(inner, name),
    ),
  ];
}

const taken = (platform: string, sent: object, stored: object, more: Partial<Taking> = {}) =>
  takenSettings({
    ...{ sent: { ...sent }, stored: { ...stored }, schema: schemaOf(platform), offered: [] },
    nameOf: (path) => path.join('.'),
    ...more,
  });

describe('the secrets among the settings of a connection', () => {
  it('are marked in every manifest of ours', () => {
    const marked = [...adapters.keys()].map((id) => [
      id,
      [...new Set(markedIn(schemaOf(id)))].sort().join(' '),
    ]);
    expect(Object.fromEntries(marked)).to.deep.equal({
      'bonjour-sante': 'apiKey webhookSecret',
      rvsq: 'apiKey',
      caldav: 'password token',
      ics: 'password url',
      'smart-scheduling-links': 'token',
      'easy-appointments': 'apiToken password webhookSecret',
      'cal-com': 'apiKey webhookSecret',
      oscar: 'consumerSecret token tokenSecret',
      'openmrs-appointments': 'password',
      'google-calendar': 'clientSecret refreshToken serviceAccountKey',
      'fhir-r4': 'password privateKey token',
      'clic-sante': 'password token',
      'hl7v2-siu': 'key',
      mailbox: 'clientSecret password refreshToken',
      manual: '',
      roster: 'password url',
      agenda: '',
    });
  });

  it('are shown by their place, in lists and records too, and what is named like one is one', () => {
    const roster = { documents: [{ url: 'https://a', format: 'csv', password: { env: 'P' } }], myToken: 'x' };
    expect(shownSettings(roster, schemaOf('roster'))).to.deep.equal({
      documents: [{ url: { hidden: 'documents[0].url' }, format: 'csv', password: { env: 'P' } }],
      myToken: { hidden: 'myToken' },
    });
    const ics = { calendars: { a: { url: 'https://a' } } };
    expect(shownSettings(ics, schemaOf('ics'))).to.deep.equal({
      calendars: { a: { url: { hidden: 'calendars.a.url' } } },
    });
  });

  it('are any text where nobody knows the platform', () => {
    expect(shownSettings({ a: 'x', b: 1, c: { env: 'C' } }, null)).to.deep.equal({
      ...{ a: { hidden: 'a' }, b: 1, c: { env: 'C' } },
    });
  });

  it('of one way to sign in are none of another', () => {
    const stored = { baseUrl: 'https://a', auth: { kind: 'basic', username: 'u', password: { env: 'P' } } };
    const bearer = taken('fhir-r4', { baseUrl: 'https://a', auth: { kind: 'bearer', token: 't-1' } }, stored);
    expect(bearer.settings).to.deep.equal({
      baseUrl: 'https://a',
      auth: { kind: 'bearer', token: { file: 'auth.token' } },
    });
    expect([...bearer.secrets]).to.deep.equal([['auth.token', 't-1']]);
    const basic = taken('fhir-r4', { baseUrl: 'https://a', auth: { kind: 'basic', username: 'v' } }, stored);
    expect(basic.settings).to.deep.equal({
      baseUrl: 'https://a',
      auth: { kind: 'basic', username: 'v', password: { env: 'P' } },
    });
  });

  it('are removed by null', () => {
    const stored = { serviceAccountKey: { env: 'KEY' } };
    const sent = { serviceAccountKey: null, clientId: 'id', clientSecret: 's', refreshToken: 'r' };
    expect(taken('google-calendar', sent, stored).settings).to.deep.equal({
      clientId: 'id',
      ...{ clientSecret: { file: 'clientSecret' }, refreshToken: { file: 'refreshToken' } },
    });
  });

  it('are kept by reference where they stand, or are offered, and by no other', () => {
    const offered = [{ file: 'offered' }];
    const faultsOf = (sent: object, stored = {}) => taken('rvsq', sent, stored, { offered }).faults.length;
    expect(faultsOf({ apiKey: { file: 'offered' } })).to.equal(0);
    expect(faultsOf({ apiKey: { env: 'A' } }, { apiKey: { env: 'A' } })).to.equal(0);
    expect(faultsOf({ apiKey: { env: 'A' } })).to.equal(1);
    expect(faultsOf({ baseUrl: { env: 'A' } }, { apiKey: { env: 'A' } }), 'in the open').to.equal(1);
    expect(faultsOf({ baseUrl: { hidden: 'apiKey' } }, { apiKey: 'literal' }), 'in the open').to.equal(1);
  });
});
