import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type NewOptions, newAdapter } from '../../src/cli/adapter-new.ts';
import { dependencies } from './output.ts';

const UNSAID: NewOptions = {
  ...{ folder: undefined, titleFr: undefined, titleEn: undefined, kind: undefined },
  ...{ contract: undefined, pull: undefined, operations: undefined },
};

describe('passerelle adapter new', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'passerelle-new-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const make = async (id: string, options: Partial<NewOptions> = {}): Promise<string> => {
    const given = dependencies({});
    await newAdapter(given, id, { ...UNSAID, folder, ...options });
    return given.out();
  };
  const problemOf = (id: string, options: Partial<NewOptions> = {}): Promise<string> =>
    make(id, options).then(
      () => 'none',
      (error: Error) => error.message,
    );
  const text = (path: string): Promise<string> => readFile(join(folder, path), 'utf8');

  it('writes a package by what was said, and as most have it where nobody is there to be asked', async () => {
    expect(await make('acme-plus', { titleFr: 'Acmé', kind: 'public' })).to.contain('What is red names');
    const manifest = await text('src/manifest.ts');
    expect(manifest).to.contain("title: { fr: 'Acmé', en: 'acme-plus' }");
    expect(manifest).to.contain("kind: 'public'");
    expect(manifest).to.contain("operations: ['block', 'unblock']");
    expect(await text('mappings/acme-plus/reason.json')).to.contain('"id": "acme-plus-reason"');
    expect(await text('.gitignore')).to.contain('node_modules/');
  });

  it('leaves no placeholder, and no quote of a name that would end a text', async () => {
    await make('acme', { titleFr: "L'Acmé", titleEn: 'The "\\Acme"' });
    for (const path of [
      'src/manifest.ts',
      'src/wire.ts',
      'package.json',
      'README.md',
      'mappings/acme/reason.json',
    ]) {
      expect(await text(path), path).not.to.match(/__\w+__/);
    }
    expect(await text('src/manifest.ts')).to.contain("{ fr: 'L’Acmé', en: 'The ’’Acme’' }");
    JSON.parse(await text('package.json'));
  });

  it('says what is wrong, and writes nothing', async () => {
    expect(await problemOf('Acme')).to.contain('is no id');
    expect(await problemOf('acme', { kind: 'secret' })).to.equal(
      'kind is one of private, public, standard, not "secret"',
    );
    expect(await problemOf('acme', { operations: ['blok'] })).to.contain('an operation is one of publish,');
    await writeFile(join(folder, 'something'), '');
    expect(await problemOf('acme')).to.contain('is not empty');
  });
});
