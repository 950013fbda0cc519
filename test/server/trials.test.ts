import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { z } from 'zod';
import { Fault } from '../../src/adapter/faults.ts';
import type { Trial } from '../../src/adapter/trial.ts';
import { createEditor } from '../../src/config/editing/editor.ts';
import { revisionOf } from '../../src/config/editing/file.ts';
import type { ConfiguredConnection } from '../../src/config/settings.ts';
import { FAULT_MEANINGS, MEANT_KINDS, SETUP_ADVICE } from '../../src/contingency/fault-meanings.ts';
import { instant } from '../../src/domain/instant.ts';
import { Refused } from '../../src/fhir/outcomes.ts';
import type { TrialAnswer } from '../../src/server/contract/configuration.ts';
import { trialThrottle } from '../../src/server/trials.ts';
import { ADAPTERS, fakeAdapter, SAMPLE } from '../config/sample.ts';
import { createLoader } from '../support/loader.ts';
import { type Served, serve } from '../support/served-front.ts';

const SECRET = 'a-secret-that-is-tried';

const listing = fakeAdapter('lister', z.object({ url: z.url() }));
const lister = {
  ...listing,
  manifest: { ...listing.manifest, capabilities: { ...listing.manifest.capabilities, calendars: true } },
};
const byHand = fakeAdapter('by-hand', z.object({}));
const asked = {
  ...byHand,
  manifest: {
    ...byHand.manifest,
    capabilities: { ...byHand.manifest.capabilities, pull: 'none' as const, lists: true },
  },
};

const WORKS: Trial = { milliseconds: 12, failure: null, calendars: null };
const called = (id: string, practitionerName: string) => ({
  ...{ id, practitionerName, name: null, identifiers: [], location: null },
});

describe('the throttle of trials', () => {
  it('lets the next one begin a minute after the first', () => {
    let now = instant(0);
    const begin = trialThrottle({ now: () => now });
    for (let count = 0; count < 20; count += 1) begin();
    expect(begin).to.throw(Refused);
    now = instant(59_999);
    expect(begin).to.throw(Refused);
    now = instant(60_000);
    begin();
  });
});

describe('POST /api/configuration/try', () => {
  let folder: string;
  let file: string;
  let served: Served;
  let result: Trial;
  let tried: ConfiguredConnection[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'passerelle-'));
    file = join(folder, 'clinic.yaml');
    await writeFile(file, SAMPLE);
    result = WORKS;
    tried = [];
    served = await serve({
      editor: createEditor({
        adapters: new Map([...ADAPTERS, ['lister', lister], ['by-hand', asked]]),
        ...{ file, load: createLoader(), offered: [] },
        variables: { PASSERELLE_DATA: folder, EAST_TOKEN: 'not-so-secret' },
        running: () => revisionOf(SAMPLE),
        failed: () => null,
        announce: () => {
          throw new Error('a trial changes nothing');
        },
      }),
      tryConnection: async (connection) => {
        tried.push(connection);
        return result;
      },
    });
  });
  afterEach(async () => {
    await served.close();
    await rm(folder, { recursive: true });
  });

  const ask = (id: string, value: object) =>
    served.request('POST', '/api/configuration/try', {
      headers: { 'content-type': 'application/json' },
      body: { id, value },
    });
  async function answered(id: string, value: object): Promise<TrialAnswer> {
    const answer = await ask(id, value);
    expect(answer.status, answer.text).to.equal(200);
    return answer.json<TrialAnswer>();
  }
  const EAST = { platform: 'east', settings: { url: 'https://east.example', token: SECRET } };

  it('tries the settings that were sent, secrets too, and writes nothing anywhere', async () => {
    const settings = { url: 'https://new.example', token: SECRET };
    const answer = await answered('fresh', { platform: 'east', settings, allowedTargets: ['new.internal'] });
    expect(answer.problems).to.deep.equal([]);
    expect(answer.reached).to.include({ isReached: true, milliseconds: 12, fault: null });
    expect(tried).to.have.length(1);
    expect(tried[0]).to.deep.include({ id: 'fresh', allowedTargets: ['new.internal'] });
    expect(tried[0]?.settings).to.include(settings);
    expect(await readFile(file, 'utf8')).to.equal(SAMPLE);
    expect(await readdir(folder)).to.deep.equal(['clinic.yaml']);
    const told = JSON.stringify([answer, served.log, served.ports.world.audited]);
    expect(told).not.to.contain(SECRET);
    const [recorded] = served.ports.world.audited.filter(({ type }) => type === 'configuration.tried');
    expect(recorded).to.deep.include({ action: 'E', outcome: 'done', entities: ['Connection/fresh'] });
    expect(recorded?.detail['keys']).to.contain('settings.token').and.to.contain('settings.url');
  });

  it('tries the secret that is stored where none is sent, and no reference that does not stand there', async () => {
    await answered('east', { platform: 'east', settings: { url: 'https://east.example' } });
    expect(tried[0]?.settings).to.include({ token: 'not-so-secret' });
    const settings = { url: 'https://east.example', token: { env: 'PASSERELLE_KEY' } };
    const refused = await answered('east', { platform: 'east', settings });
    expect(refused.problems.map(({ field }) => field)).to.include('settings.token');
    expect(tried).to.have.length(1);
  });

  it('calls nobody while something is wrong with the connection, and says what', async () => {
    const answer = await answered('fresh', { platform: 'east', settings: { url: 'nowhere', token: SECRET } });
    expect(answer.problems.map(({ field }) => field)).to.deep.equal(['settings.url']);
    expect(answer.reached).to.equal(null);
    expect(answer.calendars).to.deep.equal({ canList: false, complete: false, found: [] });
    expect(tried).to.deep.equal([]);
    expect(served.ports.world.audited.filter(({ type }) => type === 'configuration.tried')).to.have.length(0);
  });

  it('does not mind what is wrong elsewhere in the file, nor with the calendars', async () => {
    await writeFile(file, SAMPLE.replace('location: parc', 'location: nowhere'));
    const calendars = [{ id: 'x', schedule: 'nobody', topology: 'block' }];
    const answer = await answered('fresh', { ...EAST, calendars });
    expect(answer.problems).to.deep.equal([]);
    expect(answer.reached?.isReached).to.equal(true);
  });

  it('says of each fault what is the matter and what to do, in both languages', async () => {
    for (const kind of MEANT_KINDS) {
      result = { ...WORKS, failure: { kind, error: new Fault('unavailable', SECRET) } };
      const { reached, calendars } = await answered('east', EAST);
      expect(reached).to.include({ isReached: false, fault: kind });
      for (const language of ['fr', 'en'] as const) {
        expect(reached?.says[language]).to.contain(FAULT_MEANINGS[kind].what[language]);
        expect(reached?.says[language]).to.contain(SETUP_ADVICE[kind][language]);
      }
      expect(calendars.found).to.deep.equal([]);
    }
    const unforeseen = served.log.filter(({ msg }) => msg === 'request failed');
    expect(unforeseen, 'a defect is in the log').to.have.length(1);
    expect(JSON.stringify(served.log), 'without what was said').not.to.contain(SECRET);
  });

  it('lists the calendars with where they are linked, and whose they may be', async () => {
    result = {
      ...WORKS,
      calendars: {
        found: [called('1', 'Tremblay, Alex'), called('2', 'Zoé Fictive')],
        complete: true,
      },
    };
    const value = { platform: 'lister', settings: { url: 'https://list.example' } };
    const { calendars, reached } = await answered('fresh', value);
    expect(calendars).to.deep.include({ canList: true, complete: true });
    expect(calendars.found.map(({ id, linked, suggestion }) => ({ id, linked, suggestion }))).to.deep.equal([
      {
        ...{ id: '1', linked: null },
        suggestion: { schedule: 'tremblay', practitioner: 'dr-tremblay', because: 'name' },
      },
      { id: '2', linked: null, suggestion: null },
    ]);
    expect(reached?.says.fr).to.contain('2 agendas');
    const sent = { ...value, calendars: [{ id: '2', schedule: 'tremblay', topology: 'block' }] };
    const linked = await answered('fresh', sent);
    expect(linked.calendars.found.map((each) => [each.linked, each.suggestion])).to.deep.equal([
      [null, null],
      ['tremblay', null],
    ]);
  });

  it('knows the calendars that stand in the file where none are sent', async () => {
    await writeFile(
      file,
      SAMPLE.replace('id: east\n    platform: east', 'id: east\n    platform: lister').replace(
        '\n      token: { env: EAST_TOKEN }',
        '',
      ),
    );
    result = { ...WORKS, calendars: { found: [called('4711', 'A. Autre')], complete: true } };
    const settings = { url: 'https://list.example' };
    const { calendars } = await answered('east', { platform: 'lister', settings });
    expect(calendars.found[0]?.linked).to.equal('tremblay');
    expect(
      (await answered('east', { platform: 'lister', settings, calendars: [] })).calendars.found[0]?.linked,
    ).to.equal(null);
  });

  it('tells a list that could not be read, that is empty, or of a platform that has none', async () => {
    const value = { platform: 'lister', settings: { url: 'https://list.example' } };
    const says = async (calendars: Trial['calendars']) => {
      result = { ...WORKS, calendars };
      const { reached } = await answered('fresh', value);
      expect(reached?.isReached).to.equal(true);
      return [reached?.fault, reached?.says.en];
    };
    const [fault, text] = await says({ kind: 'forbidden', error: new Fault('forbidden', 'no') });
    expect(fault).to.equal('forbidden');
    expect(text).to.contain('could not be read').and.to.contain(SETUP_ADVICE.forbidden.en);
    expect((await says({ found: [], complete: true }))[1]).to.contain('show no calendar');
    expect((await says({ found: [called('1', 'A')], complete: false }))[1]).to.match(/at least 1 calendar$/);
    result = WORKS;
    const { calendars, reached } = await answered('east', EAST);
    expect(calendars.canList).to.equal(false);
    expect(reached?.says.en).to.contain('write their ids');
    expect((await answered('hand', { platform: 'by-hand' })).reached?.says.en).to.contain('no program');
  });

  it('is for so many a minute, and takes id and value alone', async () => {
    const strange = await served.request('POST', '/api/configuration/try', {
      headers: { 'content-type': 'application/json' },
      body: { id: 'east', value: EAST, edit: 'put' },
    });
    expect(strange.status).to.equal(422);
    const statuses: number[] = [];
    for (let count = 0; count < 21; count += 1) statuses.push((await ask('east', EAST)).status);
    expect(statuses).to.deep.equal([...Array(20).fill(200), 429]);
    const refused = await ask('east', EAST);
    expect(refused.headers.get('retry-after')).to.equal('60');
  });
});
