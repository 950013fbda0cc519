import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { OperationOutcome } from 'fhir/r4.js';
import { parse } from 'yaml';
import { type ConfigurationEditor, createEditor } from '../../src/config/editing/editor.ts';
import { revisionOf } from '../../src/config/editing/file.ts';
import { ConfigurationAnswer } from '../../src/server/contract/configuration.ts';
import { ADAPTERS, SAMPLE } from '../config/sample.ts';
import { createLoader } from '../support/loader.ts';
import { type Served, serve } from '../support/served-front.ts';

const SECRET = 'a-new-secret-of-east';
const LITERAL = 'a-literal-in-the-file';

type Connection = Record<string, unknown> & { readonly settings: Record<string, unknown> };

describe('/api/configuration', () => {
  let folder: string;
  let file: string;
  let served: Served;
  let announced: number;
  const text = (): Promise<string> => readFile(file, 'utf8');

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'passerelle-'));
    file = join(folder, 'clinic.yaml');
    await writeFile(file, `# La clinique\n${SAMPLE}`, { mode: 0o640 });
    announced = 0;
    served = await serve({ editor: editorOf(file) });
  });
  afterEach(async () => {
    await served.close();
    await rm(folder, { recursive: true });
  });

  const editorOf = (path: string): ConfigurationEditor =>
    createEditor({
      ...{ file: path, adapters: ADAPTERS, load: createLoader() },
      variables: { PASSERELLE_DATA: folder, EAST_TOKEN: 'not-so-secret' },
      running: () => revisionOf(SAMPLE),
      failed: () => null,
      announce: () => {
        announced += 1;
      },
      offered: [{ connection: { id: 'sim', platform: 'west', calendars: [] }, calendars: ['a'] }],
    });

  async function current(): Promise<ConfigurationAnswer> {
    const answer = await served.request('GET', '/api/configuration');
    expect(answer.status, answer.text).to.equal(200);
    const found = ConfigurationAnswer.parse(answer.json());
    expect(answer.headers.get('etag')).to.equal(`"${found.revision}"`);
    return found;
  }

  const connectionOf = ({ document }: ConfigurationAnswer, id: string): Connection => {
    const all = document?.['connections'] as readonly Connection[];
    return all.find((each) => each['id'] === id) as Connection;
  };

  async function change(method: string, path: string, body?: unknown, revision?: string) {
    const version = revision ?? (await current()).revision;
    return served.request(method, `/api/configuration/${path}`, {
      headers: { 'if-match': `"${version}"`, 'content-type': 'application/json' },
      body,
    });
  }

  const issuesOf = (answer: { json: <T>() => T }) =>
    answer
      .json<OperationOutcome>()
      .issue.map(({ expression, diagnostics }) => [expression?.[0], diagnostics]);

  const secrets = async (): Promise<string[]> => readdir(join(folder, 'secrets')).catch(() => []);

  it('says what the file says, with references, and what runs', async () => {
    const found = await current();
    expect(found).to.include({ running: revisionOf(SAMPLE), exists: true, failed: null });
    expect(found.revision).to.equal(revisionOf(await text()));
    expect(found.writable).to.deep.equal({ isWritable: true, reason: null });
    expect(found.problems).to.deep.equal([]);
    expect(found.offered).to.have.length(1);
    expect(connectionOf(found, 'east').settings).to.deep.equal({
      url: 'https://east.example',
      token: { env: 'EAST_TOKEN' },
    });
    expect(found.document)
      .to.have.property('organization')
      .that.deep.equals({ id: 'parc', name: 'Clinique du Parc' });
  });

  it('has the schema of the file, in which secrets are marked', async () => {
    const schema = (await served.request('GET', '/api/configuration/schema')).json<object>();
    expect(schema).to.have.nested.property('properties.connections');
  });

  it('changes what is sent, leaves the rest, records the keys, and has the change taken up', async () => {
    const east = connectionOf(await current(), 'east');
    const answer = await change('PUT', 'connections/east', { ...east, pollSeconds: 45 });
    expect(answer.status, answer.text).to.equal(200);
    expect(await text())
      .to.contain('# La clinique')
      .and.to.contain('token: { env: EAST_TOKEN }');
    expect(parse(await text()).connections[0]).to.deep.equal({ ...east, pollSeconds: 45 });
    expect((await stat(file)).mode & 0o777, 'its mode stays').to.equal(0o640);
    const revision = revisionOf(await text());
    expect(answer.json<object>()).to.deep.equal({ revision });
    expect(answer.headers.get('etag')).to.equal(`"${revision}"`);
    expect(announced).to.equal(1);
    const [recorded] = served.ports.world.audited.filter(({ type }) => type === 'configuration.changed');
    expect(recorded).to.deep.include({ action: 'U', entities: ['Connection/east'] });
    expect(recorded?.detail).to.include({ configuration: revision, keys: 'pollSeconds' });
  });

  it('keeps a secret in a file of its own: not in YAML, answers, log or audit', async () => {
    const east = connectionOf(await current(), 'east');
    const sent = { ...east, settings: { ...east.settings, token: SECRET } };
    expect((await change('PUT', 'connections/east', sent)).status).to.equal(200);
    const [name = ''] = await secrets();
    expect(name).to.match(/^east\.token\.[0-9a-f]{12}$/);
    expect(await readFile(join(folder, 'secrets', name), 'utf8')).to.equal(SECRET);
    expect((await stat(join(folder, 'secrets', name))).mode & 0o777).to.equal(0o600);
    const shown = connectionOf(await current(), 'east');
    expect(shown.settings['token']).to.deep.equal({ file: name });
    const everywhere = [
      await text(),
      JSON.stringify([await current(), served.log, served.ports.world.audited]),
    ];
    for (const each of everywhere) expect(each).not.to.contain(SECRET);

    // What does not send it, or sends it as it was shown, keeps it; another one takes its place.
    const { token: _, ...without } = shown.settings;
    for (const settings of [without, shown.settings, { ...without, token: '' }]) {
      expect(
        (await change('PUT', 'connections/east', { ...shown, settings, pollSeconds: 50 })).status,
      ).to.equal(200);
      expect(connectionOf(await current(), 'east').settings['token']).to.deep.equal({ file: name });
    }
    await change('PUT', 'connections/east', { ...shown, settings: { ...without, token: `${SECRET}-2` } });
    const [other] = (await secrets()).filter((each) => each !== name);
    expect(connectionOf(await current(), 'east').settings['token']).to.deep.equal({ file: other });
    await change('PUT', 'practitioners/dr-x', { family: 'X', given: 'Y' });
    expect(await secrets(), 'what nothing leads to any more is gone').to.deep.equal([other]);
  });

  it('shows a secret that stands in the file only by its place, and takes it back by that, as a secret', async () => {
    await writeFile(file, SAMPLE.replace('{ env: EAST_TOKEN }', LITERAL));
    const found = await current();
    expect(JSON.stringify(found)).not.to.contain(LITERAL);
    const east = connectionOf(found, 'east');
    expect(east.settings['token']).to.deep.equal({ hidden: 'token' });
    expect((await change('PUT', 'connections/east', { ...east, pollSeconds: 45 })).status).to.equal(200);
    expect(parse(await text()).connections[0].settings.token).to.equal(LITERAL);
    const open = { ...east, settings: { ...east.settings, url: { hidden: 'token' } } };
    expect((await change('PUT', 'connections/east', open)).status).to.equal(422);
  });

  it('makes no reference: by it any file or variable could be had sent to an address of one’s own', async () => {
    const east = connectionOf(await current(), 'east');
    for (const settings of [
      { ...east.settings, token: { env: 'PASSERELLE_KEY' } },
      { ...east.settings, token: { file: '/etc/hostname' } },
      { ...east.settings, url: { env: 'EAST_TOKEN' } },
    ]) {
      const answer = await change('PUT', 'connections/east', { ...east, settings });
      expect(answer.status, answer.text).to.equal(422);
      expect(answer.text).to.contain('a reference is made in the file itself');
    }
    expect(announced).to.equal(0);
  });

  it('writes nothing that would not start, and says what is wrong where', async () => {
    const before = await text();
    const wrong = { platform: 'west', calendars: [{ id: 'x', schedule: 'nobody', topology: 'block' }] };
    const refused = await change('PUT', 'connections/west', wrong);
    expect(refused.status).to.equal(422);
    expect(issuesOf(refused)).to.deep.equal([
      ['connections[1].calendars[0].schedule', 'no "nobody" under schedules; there is tremblay'],
    ]);
    const removed = await change('DELETE', 'practitioners/dr-tremblay');
    expect(removed.status).to.equal(422);
    expect(issuesOf(removed)[0]?.[0]).to.equal('schedules[0].practitioner');
    expect(await text()).to.equal(before);

    const check = (body: object) =>
      served.request('POST', '/api/configuration/check', {
        headers: { 'content-type': 'application/json' },
        body,
      });
    const checked = await check({ edit: 'put', list: 'connections', id: 'west', value: wrong });
    const { problems } = checked.json<{
      problems: { path: string; field: string; message: { en: string } }[];
    }>();
    expect(problems.map(({ path, field }) => [path, field])).to.deep.equal([
      ['connections[1].calendars[0].schedule', 'calendars[0].schedule'],
    ]);
    const fine = await check({ edit: 'remove', list: 'connections', id: 'west' });
    expect(fine.json<object>()).to.deep.equal({ problems: [] });
    expect(await text()).to.equal(before);
  });

  it('wants the revision that was read: 428 without, 412 where it is another by now', async () => {
    const path = '/api/configuration/connections/west';
    expect((await served.request('DELETE', path)).status).to.equal(428);
    const { revision } = await current();
    expect((await change('DELETE', 'connections/west', undefined, 'f'.repeat(64))).status).to.equal(412);
    const both = await Promise.all([
      change('PUT', 'practitioners/a', { family: 'A', given: 'A' }, revision),
      change('PUT', 'practitioners/b', { family: 'B', given: 'B' }, revision),
    ]);
    expect(both.map(({ status }) => status).sort()).to.deep.equal([200, 412]);
    expect((await change('DELETE', 'connections/nobody')).status).to.equal(404);
  });

  it('does not change an id', async () => {
    for (const [path, body] of [
      ['organization', { id: 'other', name: 'Clinique du Parc' }],
      ['practitioners/dr-tremblay', { id: 'dr-autre', family: 'T', given: 'A' }],
    ] as const) {
      const answer = await change('PUT', path, body);
      expect(answer.status).to.equal(422);
      expect(answer.text).to.contain('an id does not change');
    }
    const named = await change('PUT', 'organization', { id: 'parc', name: 'Autre nom' });
    expect(named.status).to.equal(200);
  });

  it('says of a read-only file that it is one', async () => {
    await chmod(file, 0o440);
    const { writable, revision } = await current();
    expect(writable.isWritable).to.equal(false);
    expect(writable.reason?.fr).to.contain('lecture seule');
    expect((await change('DELETE', 'connections/west', undefined, revision)).status).to.equal(409);
  });

  it('shows what is wrong with a file that somebody has spoilt, and changes nothing of it', async () => {
    await writeFile(file, `${SAMPLE}broken: [`);
    const found = await current();
    expect(found.document).to.equal(null);
    expect(found.writable.isWritable).to.equal(false);
    expect(found.problems).to.have.length(1);
    expect((await change('PUT', 'organization', { id: 'a', name: 'A' })).status).to.equal(422);
    expect(await text()).to.equal(`${SAMPLE}broken: [`);
  });

  it('begins with nothing, and the first change makes the file', async () => {
    await served.close();
    file = join(folder, 'new.yaml');
    served = await serve({ editor: editorOf(file) });
    expect(await current()).to.include({ exists: false });
    const early = await change('PUT', 'locations/parc', { name: 'Parc' });
    expect(issuesOf(early)[0]?.[1]).to.contain('needs organization');
    for (const [path, body] of [
      ['organization', { id: 'parc', name: 'Clinique du Parc' }],
      ['locations/parc', { name: 'Parc' }],
      ['services/consultation', { name: { fr: 'Consultation', en: 'Consultation' } }],
      ['practitioners/dr-x', { family: 'X', given: 'Y' }],
      ['schedules/x', { practitioner: 'dr-x', location: 'parc', service: 'consultation' }],
      ['connections/west', { platform: 'west', calendars: [{ id: 'x', schedule: 'x', topology: 'block' }] }],
    ] as const) {
      const answer = await change('PUT', path, body);
      expect(answer.status, answer.text).to.equal(200);
    }
    expect(await current()).to.include({ exists: true });
    expect((await stat(file)).mode & 0o777).to.equal(0o600);
    expect(announced).to.equal(6);
  });
});
