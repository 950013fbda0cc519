import { expect } from 'chai';
import { runProgram } from '../../src/cli/program.ts';
import { type Served, serve, TOKEN } from '../support/served-front.ts';
import { dependencies } from './output.ts';

describe('passerelle token', () => {
  let served: Served;
  before(async () => {
    served = await serve();
  });
  after(() => served.close());

  const run = async (...args: readonly string[]) => {
    const given = dependencies({});
    const reaching = ['--url', served.url, '--token', TOKEN];
    const code = await runProgram(given, ['node', 'passerelle', 'token', ...args, ...reaching]);
    return { code, out: given.out(), err: given.err() };
  };

  it('create: the token alone on standard output; list and revoke by its name', async () => {
    const made = await run(
      'create',
      'portail',
      '--scope',
      'system/Slot.rs',
      'system/Schedule.rs',
      '--expires',
      '12h',
    );
    expect(made.code, made.err).to.equal(0);
    const token = made.out.trim();
    expect(token).to.match(/^passerelle_\S{43}$/);
    expect(made.err).to.contain('may system/Schedule.rs system/Slot.rs until 2026-11-24T01:00:00.000Z');
    const { status } = await served.request('GET', '/fhir/Slot', {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(status).to.equal(200);

    const listed = await run('list');
    expect(listed.out)
      .to.match(/^NAME +STATUS +EXPIRES/)
      .and.to.match(/\nportail +active +2026-11-24T01/);
    expect(listed.out).not.to.contain(token);

    expect((await run('revoke', 'portail')).out)
      .to.contain('portail')
      .and.to.contain('revoked');
    const after = await served.request('GET', '/fhir/Slot', {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(after.status).to.equal(401);
    expect((await run('list')).out).to.match(/\nportail +revoked/);
  });

  it('says what is wrong, and what to do', async () => {
    const unknown = await run('create', 'x', '--scope', 'system/Slot.all');
    expect([unknown.code, unknown.out]).to.deep.equal([1, '']);
    expect(unknown.err).to.contain('docs/access.md');
    expect((await run('create', 'x', '--scope', 'system/Slot.rs', '--expires', 'soon')).err).to.contain(
      '90d',
    );
    expect((await run('create', 'x')).err).to.contain('--scope');
    expect((await run('revoke', 'nobody')).err).to.contain('no token in force');
  });
});
