import { readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text as bodyOf } from 'node:stream/consumers';
import { expect } from 'chai';
import { markOf } from '../../src/adapter/observation.ts';
import { createPace } from '../../src/adapter/pace.ts';
import { doctor } from '../../src/cli/doctor.ts';
import { ConfigurationError } from '../../src/config/problems.ts';
import { descriptionJsonSchema } from '../../src/described/index.ts';
import { MINUTE, plus } from '../../src/domain/instant.ts';
import { connectPlatform } from '../../src/platforms.ts';
import { systemEnvironment } from '../../src/system/environment.ts';
import { codeTables } from '../../src/system/mappings.ts';
import { dependencies } from '../cli/output.ts';
import { makeDataFolder } from '../support/data-folder.ts';
import { createLoader } from '../support/loader.ts';
import { makeFolder, type OtherPackages } from '../support/other-package.ts';
import { loadDescription } from './in-thread.ts';
import { at } from './scripted.ts';

/** The walk of docs/low-code.md, step by step, on a server that answers as it says. */

describe('docs/low-code.md', function () {
  this.timeout(60_000);
  let server: Server;
  let packages: OtherPackages;
  let address: string;
  let markdown: string;
  let blocks: { readonly language: string; readonly text: string }[];
  const seen: { readonly line: string; readonly key: unknown; readonly body: string }[] = [];

  const block = (language: string, number: number): string => {
    const found = blocks.filter((each) => each.language === language)[number];
    if (!found) throw new Error(`there is no block ${number} of ${language}`);
    return found.text;
  };

  before(async () => {
    markdown = await readFile(new URL('../../docs/low-code.md', import.meta.url), 'utf8');
    blocks = [...markdown.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language = '', text = '']) => ({
      language,
      text,
    }));
    server = createServer(async (request, response) => {
      const url = new URL(request.url ?? '', 'http://acme');
      seen.push({
        line: `${request.method} ${url.pathname}`,
        key: request.headers['x-key'],
        body: await bodyOf(request),
      });
      if (request.method === 'POST') response.writeHead(201).end('{"id": 90}');
      else if (request.method === 'DELETE') response.writeHead(204).end();
      else if (url.pathname === '/v1/status') response.end('{}');
      else response.end(url.searchParams.has('note') ? '{"visits": []}' : block('json', 0));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    packages = await makeFolder({
      'acme.yaml': block('yaml', 0),
      'whole/acme.yaml': `${block('yaml', 0)}\n${block('yaml', 2)}`,
      'mappings/acme/reason.json': block('json', 1),
      'clinic.yaml': block('yaml', 1)
        .replace('https://api.acme.example', address)
        .replace('platform: acme\n', 'platform: acme\n    allowedTargets: [127.0.0.1]\n'),
    });
  });
  after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await packages.remove();
  });

  it('names every key', () => {
    const keys = new Set<string>();
    const visit = (node: unknown): void => {
      if (typeof node !== 'object' || node === null) return;
      for (const [keyword, inner] of Object.entries(node)) {
        if (keyword === 'properties') for (const key of Object.keys(inner as object)) keys.add(key);
        visit(inner);
      }
    };
    visit(descriptionJsonSchema());
    expect(keys.size).to.be.greaterThan(60);
    expect(
      [...keys].filter(
        (key) =>
          !markdown.includes(`\`${key}\``) &&
          !markdown.includes(`\`${key}.`) &&
          !markdown.includes(`\`${key}:`),
      ),
    ).to.deep.equal([]);
  });

  it('configures a clinic that the doctor finds in order', async () => {
    const data = await makeDataFolder({ embedded: true });
    const variables = {
      PASSERELLE_CONFIG: join(packages.folder, 'clinic.yaml'),
      PASSERELLE_DATA: data,
      ACME_KEY: 'k3y',
    };
    const given = dependencies({
      variables,
      openOffline: () => ({
        connect: connectPlatform,
        checkMail: async () => undefined,
        databaseTime: () => Promise.reject(new Error('none')),
        close: async () => undefined,
      }),
    });
    await doctor(given).catch(() => undefined);
    await rm(data, { recursive: true, force: true });
    expect(given.out()).to.match(/^ok +.*acme-est/m);
    expect(seen).to.deep.include({ line: 'GET /v1/status', key: 'k3y', body: '' });
  });

  const open = async (path: string) => {
    const adapter = await loadDescription(path, packages.folder);
    return adapter.open({
      connectionId: 'acme-est',
      settings: { address, key: 'k3y' },
      limits: adapter.manifest.limits,
      pace: createPace(adapter.manifest.limits, systemEnvironment.clock),
      allowedTargets: ['127.0.0.1'],
      tables: codeTables('acme', { root: join(packages.folder, 'mappings') }),
      zones: { tremblay: 'America/Toronto' },
      environment: systemEnvironment,
    });
  };
  const window = { start: at('2030-01-01T00:00:00Z'), end: at('2030-02-01T00:00:00Z') };

  it('reads what the platform is said to answer', async () => {
    const platform = await open('./acme.yaml');
    const request = { calendars: ['tremblay'], cursor: null, window, signal: AbortSignal.timeout(20_000) };
    const pages = [];
    for await (const page of platform.read(request)) pages.push(page);
    const [page, end] = pages;
    if (page?.kind !== 'rows') throw new Error('no rows');
    expect(end).to.deep.equal({ kind: 'end', complete: window, cursor: null });
    expect(page.rejected).to.deep.equal([]);
    expect(
      page.rows.map((row) => [
        row.externalId,
        row.kind === 'busy' ? row.busyKind : row.attributes.reasons,
        row.interval.start,
      ]),
    ).to.deep.equal([
      ['71', ['urgent'], at('2030-01-15T14:20:00Z')],
      ['72', null, at('2030-01-15T14:40:00Z')],
      ['72', 'appointment', at('2030-01-15T14:40:00Z')],
    ]);
    await platform.close();
  });

  it('says what is wrong as it is shown', async () => {
    const broken = block('yaml', 0)
      .replace("day & ' ' & time", "day & ' ') & time")
      .replace('window.start', 'windw.start');
    await writeFile(join(packages.folder, 'acme.yaml'), broken);
    const { found, close } = await createLoader()(['./acme.yaml'], packages.folder);
    await close();
    const [unusable] = found;
    if (!unusable || !('problem' in unusable)) throw new Error('it can be used');
    const said = new ConfigurationError('', unusable.places ?? [])
      .format()
      .replaceAll(`${packages.folder}/`, '');
    expect(said).to.equal(block('text', 0).trimEnd());
  });

  it('closes time, once it says how', async () => {
    const platform = await open('./whole/acme.yaml');
    const start = at('2030-01-15T15:00:00Z');
    const command = { calendar: 'tremblay', mark: markOf('00000000-0000-4000-8000-000000000001') };
    const interval = { start, end: plus(start, 20 * MINUTE) };
    const made = await platform.operations.block?.({ ...command, interval, known: null });
    expect(made).to.deep.equal({ outcome: 'done', externalId: '90', revision: null, sequence: null });
    expect(JSON.parse(seen.at(-1)?.body ?? '')).to.deep.equal({
      doctor: 'tremblay',
      day: '2030-01-15',
      time: '10:00',
      minutes: 20,
      note: command.mark,
    });
    expect(await platform.readBack?.('tremblay', command.mark)).to.deep.equal([]);
    await platform.operations.unblock?.({ ...command, known: { externalId: '90', revision: null } });
    expect(seen.at(-1)?.line).to.equal('DELETE /v1/closures/90');
    await platform.close();
  });
});
