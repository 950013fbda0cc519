import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { runProgram } from '../../src/cli/program.ts';
import { openPglite } from '../../src/store/pglite.ts';
import { spawnGateway } from '../support/gateway-process.ts';
import { ACTORS, MirroredClinic, type SimSlot } from '../support/mirrored-clinic.ts';
import { expectAgreement } from '../support/patients.ts';
import { PROGRAM } from '../support/program.ts';
import { until } from '../support/servers.ts';
import type { SimulatedSite } from '../support/simulated-site.ts';
import { dependencies } from './output.ts';

/** The commands as an operator runs them, beside a gateway that is a process of its own. */

const CONVERGED_MILLISECONDS = 75_000;

type Ended = { readonly code: number | null; readonly out: string; readonly err: string };

async function passerelle(args: readonly string[], variables: Record<string, string>): Promise<Ended> {
  const child = spawn(process.execPath, [...PROGRAM, ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk) => (said.out += String(chunk)));
  child.stderr.on('data', (chunk) => (said.err += String(chunk)));
  const [code] = await once(child, 'close');
  return { code, ...said };
}

describe('passerelle backup and restore, beside a gateway', function () {
  this.timeout(240_000);
  let clinic: MirroredClinic;
  let folder: string;
  let file: string;
  let first: SimSlot;
  let second: SimSlot;

  before(async () => {
    clinic = await MirroredClinic.open({ launch: (plan) => spawnGateway(plan) });
    folder = clinic.environment.dataFolder;
    file = join(folder, 'nightly.backup');
  });
  after(() => clinic?.close());

  const run = (...args: readonly string[]) =>
    passerelle(args, {
      PASSERELLE_DATA: folder,
      ...(clinic.gateway ? { PORT: new URL(clinic.url).port } : {}),
    });

  /** A patient books the last free slot, and it is closed on the other platform. */
  async function sell(one: SimulatedSite, other: SimulatedSite): Promise<SimSlot> {
    const slot = (await one.laterSlots()).at(-1) as SimSlot;
    await one.book(slot.id);
    await until(
      'it is closed on the other',
      async () => (await other.overlapping(slot)).every(({ status }) => status === 'blocked'),
      CONVERGED_MILLISECONDS,
    );
    return slot;
  }

  const mayBeReplaced = async () => (await readdir(folder)).filter((name) => name.startsWith('database'));

  /** When the appointments of the database begin that is in the folder, of which no gateway has hold. */
  async function booked(): Promise<number[]> {
    const database = await openPglite(join(folder, 'database'));
    try {
      const rows = await database.query<{ start_ms: number }>(
        "select start_ms from busy_period where kind = 'appointment' and ended_ms is null",
      );
      return rows.map(({ start_ms }) => start_ms);
    } finally {
      await database.close();
    }
  }

  it('backs up while the gateway runs, to a file of its owner alone, without the keys', async () => {
    first = await sell(clinic.rvsq, clinic.vendor);
    const { code, out, err } = await run('backup', file);
    expect({ code, err }).to.deep.equal({ code: 0, err: '' });
    expect(out).to.match(/nightly\.backup: the database as it was at \d{4}-.*Z \(Passerelle \d/);
    expect(out).to.contain('The keys are not in it. Keep apart from it: PASSERELLE_KEY or sealing-key');
    expect((await stat(file)).mode & 0o777).to.equal(0o600);
    expect((await fetch(`${clinic.url}/readyz`)).status).to.equal(200);
    const names = await archived(file);
    expect(names).to.include('/PG_VERSION');
    expect(names.filter((name) => /sealing-key|admin-token|owner\.pid/.test(name))).to.deep.equal([]);
  });

  it('does not write over a file that is there', async () => {
    const { code, err } = await run('backup', file);
    expect({ code, err }).to.deep.equal({
      code: 1,
      err: `${file} is there already: give another name, or move it away first\n`,
    });
    expect(await readdir(folder)).to.not.include('nightly.backup.partial');
  });

  it('does not restore while the gateway runs', async () => {
    second = await sell(clinic.vendor, clinic.rvsq);
    const { code, err } = await run('restore', '--replace', file);
    expect(code).to.equal(1);
    expect(err).to.match(/is in use by process \d+: stop it first/);
  });

  it('does not replace a database that it was not told to replace', async () => {
    await clinic.stop();
    expect(await booked()).to.have.members([first, second].map(({ start }) => Date.parse(start)));
    const { code, err } = await run('restore', file);
    expect(code).to.equal(1);
    expect(err).to.contain('has a database: give --replace');
    expect(await mayBeReplaced()).to.deep.equal(['database']);
  });

  it('has what was booked before, and not what was booked since; what was there is kept aside', async () => {
    const { code, out, err } = await run('restore', '--replace', file);
    expect({ code, err }).to.deep.equal({ code: 0, err: '' });
    expect(out).to.contain('passerelle sync').and.not.to.contain('There is no sealing-key');
    expect(await booked()).to.deep.equal([Date.parse(first.start)]);
    const [, aside = ''] = /What was there before is in (\S+):/.exec(out) ?? [];
    expect((await stat(join(aside, 'PG_VERSION'))).isFile()).to.equal(true);
    expect((await stat(join(folder, 'database'))).mode & 0o777).to.equal(0o700);
  });

  it('backs up without a gateway, too', async () => {
    const other = join(folder, 'stopped.backup');
    const { code, out, err } = await run('backup', other);
    expect({ code, err }).to.deep.equal({ code: 0, err: '' });
    expect(out).to.contain('stopped.backup: the database');
    expect(await archived(other)).to.include('/PG_VERSION');
    expect(await readdir(folder)).to.not.include('owner.pid');
  });

  it('reads the platforms again: what was booked since is closed elsewhere once more', async () => {
    await clinic.start();
    await expectAgreement(clinic, CONVERGED_MILLISECONDS);
    await clinic.stop();
    expect(await booked()).to.have.members([first, second].map(({ start }) => Date.parse(start)));
    expect(ACTORS).to.include(second.actor);
  });

  it('says where the key of a restored folder is to come from', async () => {
    const fresh = join(folder, 'fresh');
    const { code, out } = await passerelle(['restore', file], { PASSERELLE_DATA: fresh });
    expect(code).to.equal(0);
    expect(out).to.contain(`There is no sealing-key in ${fresh}`);
    expect((await readdir(fresh)).sort()).to.deep.equal(['database']);
  });

  describe('a file that is not as it was made', () => {
    const target = (): string => join(folder, 'untouched');
    const bad = (): string => join(folder, 'bad.backup');

    beforeEach(async () => {
      await mkdir(join(target(), 'database'), { recursive: true });
      await writeFile(join(target(), 'database', 'PG_VERSION'), 'stands for a database');
    });
    afterEach(() => rm(bad(), { force: true }));

    async function refusal(content: Buffer | string): Promise<string> {
      await writeFile(bad(), content);
      const { code, err } = await passerelle(['restore', '--replace', bad()], { PASSERELLE_DATA: target() });
      expect(code).to.equal(1);
      expect(await readdir(target())).to.deep.equal(['database']);
      expect(await readFile(join(target(), 'database', 'PG_VERSION'), 'utf8')).to.equal(
        'stands for a database',
      );
      return err;
    }

    it('is refused when it was cut', async () => {
      const whole = await readFile(file);
      expect(await refusal(whole.subarray(0, whole.length - 1))).to.match(/is not whole: it has \d+ bytes/);
      expect(await refusal(whole.subarray(0, 40))).to.contain('is not a backup');
    });

    it('is refused when one byte is another, or one too many', async () => {
      const whole = await readFile(file);
      const changed = Buffer.from(whole);
      const middle = Math.floor(whole.length / 2);
      changed[middle] = (changed[middle] ?? 0) ^ 1;
      expect(await refusal(changed)).to.contain('its checksum is another');
      expect(await refusal(Buffer.concat([whole, Buffer.from('x')]))).to.contain('is not whole');
    });

    it('is refused when it is no backup', async () => {
      expect(await refusal('a letter\nof two lines\n')).to.contain('is not a backup of "passerelle backup"');
      expect(await refusal('{"format":"another"}\n')).to.contain('is not a backup');
      expect(await refusal('')).to.contain('is not a backup');
    });

    it('is refused when it is of a newer version, whatever its checksum', async () => {
      const { manifest, content } = parted(await readFile(file));
      const newer = { ...manifest, passerelle: '9.0.0', schema: '9999_future.sql' };
      expect(await refusal(joined(newer, content))).to.match(
        /newer version \(Passerelle 9\.0\.0, with 9999_future\.sql\)/,
      );
    });

    it('is refused when no database is in it, whatever its checksum', async () => {
      const { manifest } = parted(await readFile(file));
      const noise = createHash('sha512').update('noise').digest();
      const contents = ['no archive', gzipSync('hello'), gzipSync(Buffer.concat(Array(40).fill(noise)))];
      for (const content of contents.map((each) => Buffer.from(each))) {
        const sha256 = createHash('sha256').update(content).digest('hex');
        const claimed = { ...manifest, byteLength: content.length, sha256 };
        expect(await refusal(joined(claimed, content))).to.contain('has no database in it');
      }
    });
  });
});

describe('passerelle backup and restore, elsewhere', () => {
  const run = async (args: readonly string[], variables: Record<string, string>) => {
    const given = dependencies({ variables });
    const code = await runProgram(given, ['node', 'passerelle', ...args]);
    return { code, out: given.out(), err: given.err() };
  };

  it('name the tools of PostgreSQL where that is the database', async () => {
    const variables = { DATABASE_URL: 'postgres://somebody:secret@db.example/passerelle' };
    for (const [command, tool] of [
      ['backup', 'pg_dump --format=custom'],
      ['restore', 'pg_restore --clean'],
    ] as const) {
      const { code, err } = await run([command, 'x'], variables);
      expect(code).to.equal(1);
      expect(err).to.contain(tool).and.not.to.contain('secret');
    }
  });

  it('say when there is no folder, and make none', async () => {
    const { code, err } = await passerelle(['backup', 'x'], { PASSERELLE_DATA: '/nowhere/at/all' });
    expect(code).to.equal(1);
    expect(err).to.equal('there is no /nowhere/at/all: PASSERELLE_DATA names the folder of the gateway\n');
  });
}).timeout(60_000);

type Parted = { readonly manifest: Record<string, unknown>; readonly content: Buffer };

function parted(whole: Buffer): Parted {
  const end = whole.indexOf('\n');
  return { manifest: JSON.parse(whole.subarray(0, end).toString()), content: whole.subarray(end + 1) };
}

const joined = (manifest: object, content: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${JSON.stringify(manifest)}\n`), content]);

/** The names in the archive, by the tools that the documentation names. */
async function archived(file: string): Promise<string[]> {
  const child = spawn('sh', ['-c', 'tail -n +2 "$1" | tar tz', 'sh', file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk) => (text += String(chunk)));
  await once(child, 'close');
  return text.split('\n');
}
