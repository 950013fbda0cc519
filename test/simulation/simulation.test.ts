import { expect } from 'chai';
import { freshPglite, freshPostgres, hasPostgres, type OpenDatabase } from '../support/databases.ts';
import { requireServer } from '../support/servers.ts';
import { BROKEN } from './broken.ts';
import { runSeed } from './run.ts';

/** More of them: npm run simulate. None of these is one of the long runs. */
const FIRST = 21;
const SEEDS = 5;
/** In its own weather a broken engine must show within so many. */
const TRIES = 20;

describe('the simulation', function () {
  this.timeout(120_000);
  let opened: OpenDatabase;
  before(async () => {
    opened = await freshPglite();
  });
  after(() => opened?.drop());

  for (let seed = FIRST; seed < FIRST + SEEDS; seed += 1) {
    it(`loses nothing and books nothing twice, seed ${seed}`, async () => {
      const { violations } = await runSeed(seed, opened.database);
      expect(violations).to.deep.equal([]);
    });
  }

  it('is the same again for the same seed, whatever was run before it', async () => {
    const other = await freshPglite();
    try {
      const [once, again] = [await runSeed(3, opened.database), await runSeed(3, other.database)];
      expect(again.history).to.equal(once.history);
      expect((await runSeed(4, other.database)).history).to.not.equal(once.history);
    } finally {
      await other.drop();
    }
  });

  describe('on a PostgreSQL server', () => {
    before(requireServer('PostgreSQL', hasPostgres));

    it('goes as it does on PGlite, to the last request', async () => {
      const server = await freshPostgres(true);
      try {
        for (const seed of [3, 4]) {
          const [there, here] = [await runSeed(seed, server.database), await runSeed(seed, opened.database)];
          expect(there.history).to.equal(here.history);
        }
      } finally {
        await server.drop();
      }
    });
  });
});

describe('the simulation bites: an engine that', function () {
  this.timeout(240_000);
  let opened: OpenDatabase;
  before(async () => {
    opened = await freshPglite();
  });
  after(() => opened?.drop());

  for (const { variant, bias } of BROKEN) {
    it(variant.name, async () => {
      // One that breaks the database itself has its own.
      const { database, drop } = variant.script
        ? await freshPglite()
        : { ...opened, drop: async () => undefined };
      try {
        const caught: string[] = [];
        const first = bias.from ?? FIRST;
        for (let seed = first; seed < first + TRIES && caught.length === 0; seed += 1) {
          caught.push(...(await runSeed(seed, database, variant, bias)).violations);
        }
        expect(caught, 'it survived').to.not.deep.equal([]);
      } finally {
        await drop();
      }
    });
  }
});
