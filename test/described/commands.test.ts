import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { listAdapters } from '../../src/cli/adapter-list.ts';
import { type NewOptions, newAdapter } from '../../src/cli/adapter-new.ts';
import { findTargets } from '../../src/cli/adapter-targets.ts';
import { verifyAdapter } from '../../src/cli/adapter-verify.ts';
import { checkMappings } from '../../src/cli/mapping-check.ts';
import { ConfigurationError } from '../../src/config/problems.ts';
import { hashOf } from '../../src/conformance/hash.ts';
import { Report } from '../../src/conformance/report.ts';
import { descriptionJsonSchema, readDescriptionFile, tablesIn } from '../../src/described/index.ts';
import { codeTables, profiles } from '../../src/system/mappings.ts';
import { dependencies } from '../cli/output.ts';
import { EXAMPLES_FOLDER } from './examples.ts';

/** What the commands make of a description. */

const mappings = { platforms: () => [], tables: codeTables, codeSystems: profiles };
const UNSAID: NewOptions = {
  ...{ folder: undefined, titleFr: undefined, titleEn: undefined, kind: undefined },
  ...{ contract: undefined, pull: undefined, operations: undefined },
};
const VERIFY = { only: undefined, json: undefined, html: undefined, record: undefined, keep: false };

const MODULE = `export { default } from '${pathToFileURL('examples/low-code/openings.conformance.ts').href}';\n`;

describe('a description on the command line', function () {
  this.timeout(60_000);
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'passerelle-described-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  const at = (name: string): string => join(folder, name);

  const begin = async (id: string, options: Partial<NewOptions> = {}): Promise<string> => {
    const given = dependencies({});
    await newAdapter(given, id, { ...UNSAID, folder, lowCode: true, ...options });
    return given.out();
  };
  const failure = async (call: () => Promise<unknown>): Promise<string> => {
    try {
      await call();
      return 'none';
    } catch (error) {
      return error instanceof ConfigurationError ? error.format() : (error as Error).message;
    }
  };

  it('is begun as one that can be used as it stands, with its table', async () => {
    const said = await begin('acme-plus', {
      titleFr: 'L"Acmé',
      titleEn: 'Acme {{ x }}',
      contract: 'observed',
    });
    expect(said).to.contain('3 files in ').and.to.contain('acme-plus.yaml');
    const description = readDescriptionFile(at('acme-plus.yaml'));
    expect(description.title).to.deep.equal({ fr: 'L’Acmé', en: 'Acme {{ x }}' });
    expect(description.contract).to.equal('observed');
    expect(tablesIn(description)).to.deep.equal(['acme-plus-reason']);
    const given = dependencies({ mappings });
    await checkMappings(given, at('acme-plus.yaml'));
    expect(given.out()).to.match(/^acme-plus-reason +2 +1 +0$/m);
    for (const name of ['acme-plus.yaml', 'acme-plus.conformance.mjs'])
      expect(await readFile(at(name), 'utf8'), name).not.to.match(/__\w+__/);
    const { targets } = await findTargets(at('acme-plus.yaml'), new Set());
    expect(targets.map(({ adapter, stage }) => `${adapter.manifest.id} ${stage}`)).to.deep.equal([
      'acme-plus live',
    ]);
  });

  it('is listed beside ours, with its grade; one that cannot be used says where', async () => {
    await begin('acme');
    const given = dependencies({});
    await listAdapters(given, [at('acme.yaml')]);
    expect(given.out()).to.match(/^acme +published +- +acme \/ acme +-$/m);
    await writeFile(
      at('acme.yaml'),
      (await readFile(at('acme.yaml'), 'utf8')).replace('start: start', 'start: ('),
    );
    const said = await failure(() => listAdapters(given, [at('acme.yaml')]));
    expect(said).to.match(/acme\.yaml:\d+:11 record\.start: is no JSONata: /);
    expect(await failure(() => verifyAdapter(given, at('acme.yaml'), VERIFY))).to.equal(said);
    expect(await failure(() => checkMappings(dependencies({ mappings }), at('acme.yaml')))).to.equal(said);
  });

  it('is told of a table that it reads by and that is not there', async () => {
    await begin('acme');
    await rm(at('mappings'), { recursive: true });
    const given = dependencies({ mappings });
    expect(await failure(() => checkMappings(given, at('acme.yaml')))).to.equal('1 problem in mappings/');
    expect(given.out()).to.contain(
      '✗ acme-reason: the description translates codes by it, and mappings/acme/ has none of that id',
    );
  });

  it('is verified by the module beside it, and its report holds for the text and the tables that it was made of', async () => {
    await cp(join(EXAMPLES_FOLDER, 'openings.yaml'), at('openings.yaml'));
    await cp(join(EXAMPLES_FOLDER, 'mappings', 'openings'), at('mappings/openings'), { recursive: true });
    const given = dependencies({});
    expect(await failure(() => verifyAdapter(given, at('openings.yaml'), VERIFY))).to.contain(
      'openings.conformance.mjs is not there: write one that exports the targets by default',
    );
    await writeFile(at('openings.conformance.mjs'), MODULE);
    await verifyAdapter(given, at('openings.yaml'), { ...VERIFY, keep: true });
    const kept = async () =>
      Report.parse(JSON.parse(await readFile(at('openings.conformance.json'), 'utf8')));
    const { grade, adapter } = await kept();
    expect([grade, adapter.id]).to.deep.equal(['bronze', 'openings']);
    const hash = () => hashOf([at('openings.yaml'), at('mappings/openings')]);
    expect(adapter.hash).to.equal(await hash());
    await listAdapters(given, [at('openings.yaml')]);
    expect(given.out()).to.match(/^openings +assumed +bronze +.*simulator$/m);
    for (const file of [at('mappings/openings/state.json'), at('openings.yaml')]) {
      const before = await hash();
      await writeFile(file, `${await readFile(file, 'utf8')}\n`);
      expect(await hash()).to.not.equal(before);
    }
  });

  it('has its schema in docs/ as it now is (npm run schema writes it)', async () => {
    const committed = JSON.parse(await readFile('docs/passerelle-adapter.schema.json', 'utf8'));
    expect(committed).to.deep.equal(JSON.parse(JSON.stringify(descriptionJsonSchema())));
  });
});
