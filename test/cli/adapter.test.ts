import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { findTargets } from '../../src/cli/adapter-targets.ts';
import { Recording } from '../../src/conformance/recording.ts';
import { Report } from '../../src/conformance/report.ts';
import { addressOfBuilt, PROGRAM } from '../support/program.ts';

/** As an integrator runs it: a process of its own. */
const passerelle = (...args: readonly string[]) =>
  new Promise<{ code: number | null; out: string; err: string }>((resolve) => {
    const child = spawn(process.execPath, [...PROGRAM, 'adapter', ...args]);
    const said = { out: '', err: '' };
    child.stdout.on('data', (chunk) => (said.out += String(chunk)));
    child.stderr.on('data', (chunk) => (said.err += String(chunk)));
    child.once('close', (code) => resolve({ code, ...said }));
  });

/** A stranger's adapter in a folder of its own: one of ours, with one thing done to it. */
const STRANGER = (spoil: string): string => `
import adapter from '${addressOfBuilt('adapters/rvsq/adapter.ts')}';
import { simulator } from '${addressOfBuilt('adapters/rvsq/conformance.ts')}';
import { simulatorTarget } from '${addressOfBuilt('src/conformance/simulator-target.ts')}';
const connect = (options) => { const platform = adapter.connect(options); ${spoil}; return platform; };
export default simulatorTarget({ ...simulator, adapter: { manifest: adapter.manifest, connect } });
`;

describe('passerelle adapter', function () {
  this.timeout(60_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'passerelle-adapter-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const stranger = async (spoil: string): Promise<string> => {
    const file = join(folder, 'stranger.mjs');
    await writeFile(file, STRANGER(spoil));
    return file;
  };

  it('lists the platforms with their grades', async () => {
    const { code, out } = await passerelle('list');
    expect(code).to.equal(0);
    expect(out).to.match(/^bonjour-sante\s+assumed\s+platinum\s.*simulator$/m);
  });

  it('verifies one of ours, and says why a case is not passed', async () => {
    const html = join(folder, 'report.html');
    const { code, out } = await passerelle(
      'verify',
      'rvsq',
      '--only',
      'check',
      'block-stands',
      '--html',
      html,
    );
    expect(out).to.contain('rvsq on simulator (simulator)');
    expect(out).to.match(/✔ block-stands: .*under our mark/);
    expect(out).to.contain('2 passed');
    expect(code).to.equal(0);
    expect(await readFile(html, 'utf8')).to.contain('<h1>Québec Medical Appointment Scheduler');
  });

  it('verifies a stranger’s by its file: the report has what failed and why, and the exit code is 1', async () => {
    const file = await stranger(
      'platform.operations.block = async () => ({ outcome: "done", externalId: "x", revision: null, sequence: null })',
    );
    const json = join(folder, 'report.json');
    const { code, out, err } = await passerelle(
      'verify',
      file,
      '--only',
      'check',
      'block-stands',
      '--json',
      json,
    );
    expect(code).to.equal(1);
    expect(err).to.equal('1 of 2 cases failed\n');
    expect(out).to.match(/✗ block-stands: /);
    const report = Report.parse(JSON.parse(await readFile(json, 'utf8')));
    const failed = report.cases.filter(({ outcome }) => outcome === 'failed');
    expect(failed.map(({ id }) => id)).to.deep.equal(['block-stands']);
    expect(failed[0]?.reason).to.not.equal('');
    expect(report.capabilities.find(({ capability }) => capability === 'block')?.proof).to.equal('refuted');
    expect(report.grade).to.equal(null);
  });

  it('keeps what the platform answered, and of the settings only their names', async () => {
    const file = join(folder, 'recording.json');
    const { code } = await passerelle('verify', 'rvsq', '--only', 'check', 'block-echo', '--record', file);
    expect(code).to.equal(0);
    const recording = Recording.parse(JSON.parse(await readFile(file, 'utf8')));
    expect(Object.keys(recording.cases)).to.deep.equal(['check', 'block-echo']);
    expect(recording.cases['block-echo']?.exchanges.map(({ method }) => method)).to.include.members([
      'POST',
      'GET',
    ]);
  });

  it('says what is wrong, and what to do', async () => {
    const problemOf = (named: string): Promise<string> =>
      findTargets(named, new Set(['rvsq'])).then(
        () => 'none',
        (error: Error) => error.message,
      );
    expect(await problemOf('nothing-of-ours')).to.contain(
      'there is no adapter "nothing-of-ours": name one of rvsq,',
    );
    expect(await problemOf('./nowhere')).to.contain('there is no ');
    expect(await problemOf(resolve('docs'))).to.contain('has no conformance.js');
    await writeFile(join(folder, 'conformance.mjs'), 'export default 12;\n');
    expect(await problemOf(folder)).to.contain('must export by default a target');
    const { code, err } = await passerelle('verify', 'rvsq', '--only', 'check', 'no-such-case');
    expect([code, err]).to.deep.equal([1, 'no such cases: no-such-case\n']);
  });
});
