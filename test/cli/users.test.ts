import { expect } from 'chai';
import { runProgram } from '../../src/cli/program.ts';
import { createPeopleStore } from '../../src/store/people.ts';
import { BrowserClient } from '../support/browser-client.ts';
import { freshPglite, type OpenDatabase } from '../support/databases.ts';
import { type Served, serve, TOKEN } from '../support/served-front.ts';
import { dependencies } from './output.ts';

describe('passerelle user', () => {
  let database: OpenDatabase;
  let served: Served;
  before(async () => {
    database = await freshPglite();
    served = await serve({ people: createPeopleStore(database.database) });
  });
  after(async () => {
    await served.close();
    await database.drop();
  });

  const run = async (...args: readonly string[]) => {
    const given = dependencies({});
    const reaching = ['--url', served.url, '--token', TOKEN];
    const code = await runProgram(given, ['node', 'passerelle', 'user', ...args, ...reaching]);
    return { code, out: given.out(), err: given.err() };
  };
  const LOGIN = 'Marie@clinique.example';

  it('adds by a link that is alone on standard output, and says what it did to whom', async () => {
    expect((await run('list')).out).to.contain('passerelle user add');
    const made = await run('add', LOGIN, '--name', 'Marie Tremblay', '--scope', 'system/Slot.rs');
    expect(made.code, made.err).to.equal(0);
    expect(made.out.trim()).to.match(new RegExp(`^${served.url}/auth/invitation/[\\w-]{43}$`));
    expect(made.err).to.contain('marie@clinique.example').and.contain('until 2026-11-26T13:00:00.000Z');
    expect((await run('list')).out).to.match(
      /\nmarie@clinique\.example +Marie Tremblay +invited +no +never +all/,
    );

    const client = new BrowserClient(served);
    const path = new URL(made.out.trim()).pathname;
    const password = 'quatre chevaux de granit';
    await client.submit(await client.get(path), path, { 'new-password': password, repeat: password });
    expect((await run('list')).out).to.match(/Marie Tremblay +active +no +2026-11-23T13/);
    expect((await run('disable', LOGIN)).out).to.contain('is disabled');
    expect((await run('list')).out).to.match(/Marie Tremblay +disabled/);
    expect((await run('enable', LOGIN)).out).to.contain('may sign in again');
    expect((await run('sign-out', LOGIN)).out).to.contain('signed out everywhere');
    expect((await run('reset-second-factor', LOGIN)).out).to.contain('no second factor');
    const reset = await run('reset-password', LOGIN);
    expect(reset.out.trim()).to.match(/\/auth\/invitation\/[\w-]{43}$/);
    expect(reset.out).not.to.equal(made.out);
  });

  it('says what is wrong, and what to do', async () => {
    const nobody = await run('disable', 'personne');
    expect([nobody.code, nobody.out]).to.deep.equal([1, '']);
    expect(nobody.err).to.contain('nobody has this id or user name');
    const wrong = await run('add', 'x', '--name', 'X', '--scope', 'system/Slot.rs');
    expect(wrong.err).to.contain('a user name is an e-mail address');
    expect((await run('add', 'xavier', '--name', 'X', '--scope', 'system/Slot.all')).err).to.contain(
      'docs/access.md',
    );
  });
});
