import { expect } from 'chai';
import { onEachDatabase } from '../support/databases.ts';

describe('a transaction of which several statements are asked at once', () => {
  onEachDatabase((open) => {
    const kept = async () =>
      (await open().query<{ id: number }>('select id from turns order by id')).map(({ id }) => id);
    const put = 'insert into turns values ($1)';

    before(() => open().script('create table turns (id integer primary key)'));
    beforeEach(() => open().script('truncate turns'));

    it('runs them in their order, and the driver has nothing to say against it', async () => {
      const said: string[] = [];
      const hear = ({ message }: Error): void => void said.push(message);
      process.on('warning', hear);
      try {
        const seen = await open().transaction((on) =>
          Promise.all(
            [1, 2, 3, 4].map(async (id) => {
              await on.query(put, [id]);
              return (await on.query<{ most: number }>('select max(id) as most from turns'))[0]?.most;
            }),
          ),
        );
        // Each sees what was asked before it was.
        expect(seen).to.deep.equal([4, 4, 4, 4]);
        await new Promise(setImmediate);
      } finally {
        process.off('warning', hear);
      }
      expect(await kept()).to.deep.equal([1, 2, 3, 4]);
      expect(said).to.deep.equal([]);
    });

    it('is lost with the first that fails, and sends none that still waited', async () => {
      const failures: unknown[] = [];
      const work = open().transaction(async (on) => {
        const told = (error: unknown): void => void failures.push(error);
        await on.query(put, [1]);
        const asked = [1, 2, 3].map((id) => on.query(put, [id]).catch(told));
        await Promise.all(asked);
      });
      const error = await work.then(
        () => null,
        (reason: unknown) => reason,
      );
      expect(error).to.have.property('code', '23505');
      expect(failures).to.deep.equal([error, error, error]);
      expect(await kept()).to.deep.equal([]);
    });

    it('leaves nothing behind that nobody has waited for', async () => {
      const waiting: Promise<unknown>[] = [];
      const work = open().transaction(async (on) => {
        for (const id of [1, 2, 3]) waiting.push(on.query(put, [id]).catch((error: unknown) => error));
        throw new Error('changed its mind');
      });
      expect(await work.catch((error: Error) => error.message)).to.equal('changed its mind');
      await Promise.all(waiting);
      expect(await kept()).to.deep.equal([]);
    });
  });
});
