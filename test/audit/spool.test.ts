import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createSpool } from '../../src/audit/spool.ts';
import { formatInstant, plus } from '../../src/domain/instant.ts';
import type { AuditEvent } from '../../src/engine/ports/audit.ts';
import { NOW } from '../support/fake-ports.ts';

/** Where accesses are recorded while the chain cannot be written. */

const EVENT: AuditEvent = {
  ...{
    agent: 'token:x',
    name: 'accueil',
    organizationId: null,
    address: '192.0.2.1',
    requestId: randomUUID(),
  },
  ...{ purpose: null, type: 'contingency.read', action: 'R', outcome: 'done' },
  ...{ entities: ['Patient/1'], detail: { format: 'pdf' } },
};
const KEY = Buffer.alloc(32, 1);

describe('the audit spool', () => {
  let parent: string;
  let folder: string;
  const damaged: string[] = [];
  const spool = (...keys: [Uint8Array, ...Uint8Array[]]) =>
    createSpool({ folder, keys, ids: { next: randomUUID }, onDamaged: (name) => damaged.push(name) });

  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'passerelle-spool-'));
    folder = join(parent, 'audit-spool');
    damaged.length = 0;
  });
  afterEach(async () => {
    await chmod(parent, 0o700);
    await rm(parent, { recursive: true });
  });

  it('keeps what happened, readable by this user alone, and gives it away in order, once', async () => {
    const one = spool(KEY);
    await one.write({ ...EVENT, name: 'second' }, plus(NOW, 1));
    await one.write({ ...EVENT, name: 'first' }, NOW);
    const [name = ''] = await readdir(folder);
    expect((await stat(join(folder, name))).mode & 0o777).to.equal(0o600);
    expect((await stat(folder)).mode & 0o777).to.equal(0o700);
    const recorded: AuditEvent[] = [];
    expect(await one.drain(async (event) => void recorded.push(event))).to.equal(2);
    expect(recorded.map((event) => event.name)).to.deep.equal(['first', 'second']);
    expect(recorded[0]?.detail).to.include({ format: 'pdf', happenedAt: formatInstant(NOW) });
    expect(await one.drain(async () => expect.fail())).to.equal(0);
    expect(await readdir(folder)).to.deep.equal([]);
  });

  it('keeps what could not be put into the chain', async () => {
    const one = spool(KEY);
    await one.write(EVENT, NOW);
    const failing = one.drain(async () => {
      throw new Error('the database is away again');
    });
    expect(await failing.catch(() => 'kept')).to.equal('kept');
    expect(await one.drain(async () => undefined)).to.equal(1);
  });

  it('puts aside what was changed, and what another key has written, and takes what a former key has', async () => {
    await spool(Buffer.alloc(32, 2)).write(EVENT, NOW);
    await spool(KEY).write(EVENT, plus(NOW, 1));
    await spool(Buffer.alloc(32, 3)).write({ ...EVENT, name: 'former' }, plus(NOW, 2));
    const [, changed = ''] = (await readdir(folder)).sort();
    const text = await readFile(join(folder, changed), 'utf8');
    await writeFile(join(folder, changed), text.replace('Patient/1', 'Patient/2'));
    const recorded: AuditEvent[] = [];
    await spool(KEY, Buffer.alloc(32, 3)).drain(async (event) => void recorded.push(event));
    expect(recorded.map(({ name }) => name)).to.deep.equal(['former']);
    expect(damaged).to.have.length(2);
    expect((await readdir(folder)).every((name) => name.endsWith('.damaged'))).to.equal(true);
  });

  it('rejects where it cannot be written, so that nothing is shown', async () => {
    await writeFile(folder, 'a file where the folder should be');
    expect(
      await spool(KEY)
        .write(EVENT, NOW)
        .catch(() => 'refused'),
    ).to.equal('refused');
  });
});
