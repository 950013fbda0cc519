import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import rvsq from '../../adapters/rvsq/adapter.ts';
import type { Platform } from '../../src/adapter/contract.ts';
import type { IsolatedAdapter } from '../../src/adapter/isolated.ts';
import { createPace } from '../../src/adapter/pace.ts';
import { ConfigurationError } from '../../src/config/problems.ts';
import { readConfiguration } from '../../src/config/read-configuration.ts';
import { systemEnvironment } from '../../src/system/environment.ts';
import { createLoader } from '../support/loader.ts';
import { makeFolder, type OtherPackages } from '../support/other-package.ts';
import { faultOf } from '../support/platform-http.ts';
import { loadDescription } from './in-thread.ts';
import { BASIS, idsOf, rows } from './scripted.ts';

/** A description where connections have it: in a thread of its own, found by the configuration. */

const BOUNDS = { tickMilliseconds: 50, memoryMebibytes: 64, busyMilliseconds: 2_000 };

/** By the setting `site`: what its expression does with each record. */
const WRONG: Readonly<Record<string, { readonly code: string; readonly reason: RegExp }>> = {
  recursion: {
    code: '($f := function($x) { $f($x + 1) + 1 }; $f(1))',
    reason: /^malformed: an expression of the description calls itself more than 500 times over$/,
  },
  loop: {
    code: '($f := function($x) { $f($x + 1) }; $f(1))',
    reason: /^malformed: an expression of the description takes more than 1000 ms$/,
  },
  list: {
    code: '[1..200000]',
    reason: /^malformed: an expression of the description makes a list of more than 100000$/,
  },
  pattern: {
    code: '$match(words, /^(a+)+$/)',
    reason: /^unavailable: the adapter was ended: it was busy for 2000 ms/,
  },
  memory: {
    code: '$map([1..90000], function($x) { [$x..90000] })',
    // Whichever comes first.
    reason: /it used more memory than the 64 MiB that it may$|takes more than 1000 ms$/,
  },
};
const ID = Object.entries(WRONG).reduce(
  (otherwise, [site, { code }]) => `$answer.site = '${site}' ? ${code} : (${otherwise})`,
  'id',
);

const settings = {
  address: { type: 'address', title: { fr: 'Adresse', en: 'Address' } },
  site: { type: 'text', title: { fr: 'Site', en: 'Site' } },
};
const DESCRIPTION = {
  ...BASIS,
  base: '{{ settings.address }}/{{ settings.site }}',
  settings,
  record: { ...BASIS.record, id: ID },
  limits: { requests: 1_000_000 },
};

describe('a description in a thread', function () {
  this.timeout(60_000);
  let server: Server;
  let packages: OtherPackages;
  let adapter: IsolatedAdapter;
  let address: string;
  before(async () => {
    server = createServer((request, response) => {
      const [, site] = (request.url ?? '').split('/');
      const [row] = rows('a');
      response.end(JSON.stringify({ site, rows: [{ ...row, words: `${'a'.repeat(40)}!` }] }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    packages = await makeFolder({ 'acme.yaml': JSON.stringify(DESCRIPTION) });
    adapter = await loadDescription('./acme.yaml', packages.folder, BOUNDS);
  });
  after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await packages.remove();
  });

  const open = (site: string, allowedTargets = ['127.0.0.0/8']): Platform =>
    adapter.open({
      connectionId: site,
      settings: { address, site },
      limits: adapter.manifest.limits,
      pace: createPace(adapter.manifest.limits, systemEnvironment.clock),
      allowedTargets,
      tables: [],
      zones: { dr: 'America/Toronto' },
      environment: systemEnvironment,
    });

  it('harms its own connection alone, whatever its expressions do', async () => {
    const good = open('good');
    const bad = Object.keys(WRONG).map((site) => ({ site, platform: open(site) }));
    try {
      expect(await idsOf(good)).to.deep.equal(['a']);
      let running = true;
      let read = 0;
      const meanwhile = (async () => {
        while (running) {
          expect(await idsOf(good)).to.deep.equal(['a']);
          read += 1;
        }
      })();
      const faults = await Promise.all(bad.map(({ platform }) => faultOf(() => idsOf(platform))));
      running = false;
      await meanwhile;
      for (const [at, { kind, message }] of faults.entries())
        expect(`${kind}: ${message}`).to.match(Object.values(WRONG)[at]?.reason ?? /^$/);
      // Two seconds of an endless pattern, in which the other one went on.
      expect(read).to.be.greaterThan(10);
    } finally {
      await Promise.all([good, ...bad.map(({ platform }) => platform)].map((each) => each.close()));
    }
  });

  it('calls nowhere that its connection may not', async () => {
    const platform = open('good', []);
    const { kind, message } = await faultOf(() => idsOf(platform));
    expect(kind).to.equal('forbidden');
    expect(message).to.contain('GET /list: not called, since 127.0.0.1 has an address that is not public');
    await platform.close();
  });

  it('runs as it was checked, whatever becomes of its file', async () => {
    await writeFile(join(packages.folder, 'acme.yaml'), 'version: 2\n');
    const platform = open('good');
    expect(await idsOf(platform)).to.deep.equal(['a']);
    await platform.close();
  });
});

describe('a description in the configuration', function () {
  this.timeout(60_000);
  let packages: OtherPackages;
  const whole = JSON.stringify({ ...DESCRIPTION, record: BASIS.record });
  before(async () => {
    packages = await makeFolder({
      'acme.yaml': whole,
      'rvsq.yaml': JSON.stringify({ ...DESCRIPTION, id: 'rvsq' }),
      'broken.yaml': 'version: 1\nid: Acme\nrecord:\n  id: "a b"\n',
      'large.yaml': `# ${'x'.repeat(600 * 1024)}\n${whole}`,
    });
  });
  after(() => packages.remove());

  const problemsOf = async (adapters: readonly string[], given: string): Promise<string[]> => {
    const file = join(packages.folder, 'clinic.yaml');
    await writeFile(
      file,
      `adapters: [${adapters.join(', ')}]
organization: { id: fictive, name: Clinique fictive }
locations: [{ id: ici, name: Ici }]
services: [{ id: famille, name: { fr: Famille, en: Family } }]
practitioners: [{ id: dr, family: Fictif, given: Essai }]
schedules: [{ id: dr, practitioner: dr, location: ici, service: famille }]
connections:
  - id: est
    platform: acme
    settings: ${given}
    calendars: [{ id: agenda, schedule: dr, topology: block }]
`,
    );
    const ours = new Map([[rvsq.manifest.id, rvsq]]);
    try {
      const { connections } = await readConfiguration(file, ours, {}, createLoader());
      return connections.map(({ adapter }) => `uses ${adapter.manifest.title.en}`);
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      return error.format().replaceAll(`${packages.folder}/`, '').split('\n');
    }
  };

  it('is named by its path', async () => {
    const given = '{ address: "https://acme.example", site: north }';
    expect(await problemsOf(['./acme.yaml'], given)).to.deep.equal(['uses Acme']);
  });

  it('has its settings checked as those of any platform', async () => {
    const problems = await problemsOf(['./acme.yaml'], '{ adress: x, site: 3 }');
    expect(problems).to.include.members([
      'clinic.yaml:10:17 connections[0].settings.adress: unknown key; did you mean "address"?',
      'clinic.yaml:10:15 connections[0].settings.address: is missing: write Adresse / Address',
      'clinic.yaml:10:34 connections[0].settings.site: must be a text: put it in quotes',
    ]);
  });

  it('says what is wrong with it in its own file, beside what is wrong with others', async () => {
    const problems = await problemsOf(
      ['./broken.yaml', './nowhere.yaml', 'acme.yaml', './large.yaml', './rvsq.yaml'],
      '{}',
    );
    expect(problems).to.include.members([
      'broken.yaml:2:5 id: must be small letters, digits and dashes, as acme-clinic',
      'broken.yaml:4:10 record.id: is no JSONata: syntax error: "b"',
      'clinic.yaml:1:27 adapters[1]: "./nowhere.yaml" is not there: there is no nowhere.yaml',
      'clinic.yaml:1:43 adapters[2]: "acme.yaml" is no path: write ./acme.yaml',
      'clinic.yaml:1:54 adapters[3]: "./large.yaml" is larger than a description may be: 512 KiB',
      `clinic.yaml:1:68 adapters[4]: its id "rvsq" is that of an adapter of Passerelle's own: its author must give it another`,
    ]);
  });
});
