import { expect } from 'chai';
import { createKeeper, type SheetFiles } from '../../src/contingency/keeper.ts';
import { DAY, type Instant, MINUTE, plus, SECOND } from '../../src/domain/instant.ts';
import { manualClock } from '../adapter/manual-clock.ts';
import { AS_OF, fictiveSheet } from '../support/fictive-sheet.ts';
import { until } from '../support/servers.ts';

/** The keeper of sheets, on a clock of its own, and a database that answers or not. */

const ID = 'clinique-fictive';

function world(organizationIds: readonly string[] = [ID], at: Instant = AS_OF) {
  const clock = manualClock(at);
  const files = new Map<string, Uint8Array>();
  const state = { isAway: false, isSilent: false, made: [] as string[], answers: 0, diskFails: false };
  const errors: string[] = [];
  const sheetFiles: SheetFiles = {
    close: (_id, sheet) => Buffer.from(JSON.stringify(sheet)),
    open: (_id, sealed) => JSON.parse(Buffer.from(sealed).toString()),
    write: async (id, sealed) => {
      if (state.diskFails) throw new Error('the disk is full');
      files.set(id, sealed);
    },
    read: async (id) => files.get(id) ?? null,
    erase: async (id) => void files.delete(id),
    list: async () => [...files.keys()],
  };
  const keeper = createKeeper({
    organizationIds,
    async make(id) {
      if (state.isSilent) await new Promise(() => undefined);
      if (state.isAway) throw new Error('the database does not answer');
      state.made.push(id);
      return { ...fictiveSheet(), asOf: clock.now() };
    },
    files: sheetFiles,
    clock,
    onAnswer: async () => {
      state.answers += 1;
    },
    onError: (reason) => errors.push(reason),
  });
  const asOf = (): Instant | null => {
    const sealed = files.get(ID);
    return sealed ? sheetFiles.open(ID, sealed).asOf : null;
  };
  return { clock, files, state, errors, keeper, asOf };
}

describe('the keeper of contingency sheets', () => {
  it('makes each anew every minute, and soon after a change, however many there are', async () => {
    const { clock, state, keeper } = world();
    await keeper.start();
    await until('the first is made', async () => state.made.length === 1);
    await clock.advance(59 * SECOND);
    await until('the minute is over', async () => {
      await clock.advance(1 * SECOND);
      return state.made.length === 2;
    });
    for (let count = 0; count < 100; count += 1) keeper.changed(ID);
    await until('the change is in it', async () => {
      await clock.advance(1 * SECOND);
      return state.made.length === 3;
    });
    expect(state.answers).to.be.greaterThan(1);
    await keeper.stop();
  });

  it('has it in memory and in its file when the database goes away, and says of which instant', async () => {
    const { clock, state, keeper, asOf } = world();
    await keeper.start();
    await until('the first is made', async () => asOf() !== null);
    state.isAway = true;
    await clock.advance(20 * SECOND);
    const found = await keeper.of(ID);
    expect(found?.isStale).to.equal(true);
    expect(found?.sheet.asOf).to.equal(AS_OF);
    expect(keeper.isCutOff()).to.equal(true);
    expect(asOf()).to.equal(AS_OF);
    state.isAway = false;
    await clock.advance(10 * SECOND);
    expect((await keeper.of(ID))?.isStale).to.equal(false);
    expect(keeper.isCutOff()).to.equal(false);
    await keeper.stop();
  });

  it('lets nobody wait for a database that says nothing', async () => {
    const { clock, state, keeper, asOf } = world();
    await keeper.start();
    await until('the first is made', async () => asOf() !== null);
    state.isSilent = true;
    const asked = keeper.of(ID);
    let found: Awaited<typeof asked> = null;
    void asked.then((each) => {
      found = each;
    });
    await until('it is answered', async () => {
      await clock.advance(1 * SECOND);
      return found !== null;
    });
    expect(found).to.have.property('isStale', true);
  });

  it('begins with what is in the files, where the database does not answer at all', async () => {
    const before = world();
    await before.keeper.start();
    await until('the first is made', async () => before.asOf() !== null);
    await before.keeper.stop();
    const after = world();
    after.state.isAway = true;
    for (const [id, sealed] of before.files) after.files.set(id, sealed);
    await after.keeper.start();
    const found = await after.keeper.of(ID);
    expect([found?.isStale, found?.sheet.asOf]).to.deep.equal([true, AS_OF]);
    await after.keeper.stop();
  });

  it('erases a sheet a day after both of its days, and one of an organization that is there no more', async () => {
    const { until: end } = fictiveSheet();
    const sealed = Buffer.from(JSON.stringify(fictiveSheet()));
    const start = async (at: Instant) => {
      const { state, keeper, files } = world([ID], at);
      state.isAway = true;
      files.set('partie', sealed).set(ID, sealed);
      await keeper.start();
      const found = await keeper.of(ID);
      await keeper.stop();
      return [[...files.keys()], found?.isStale];
    };
    expect(await start(plus(end, DAY - 1))).to.deep.equal([[ID], true]);
    expect(await start(plus(end, DAY))).to.deep.equal([[], undefined]);
  });

  it('serves from memory when the disk is full, and says so', async () => {
    const { state, keeper, errors } = world();
    state.diskFails = true;
    await keeper.start();
    expect((await keeper.of(ID))?.isStale).to.equal(false);
    expect(errors).to.include('contingency sheet not written');
    await keeper.stop();
  });

  it('knows no organization that it was not told of', async () => {
    const { keeper } = world();
    expect(await keeper.of('une-autre')).to.equal(null);
  });

  it('asks a database that is away once, and not for each organization', async () => {
    const many = Array.from({ length: 50 }, (_, index) => `clinique-${index}`);
    const { state, keeper, errors, clock } = world(many);
    state.isAway = true;
    await keeper.start();
    await until('it was asked', async () => errors.length > 0);
    expect(errors).to.have.length(1);
    state.isAway = false;
    await until('all are made', async () => {
      await clock.advance(10 * SECOND);
      return new Set(state.made).size === many.length;
    });
    expect(plus(AS_OF, 10 * MINUTE)).to.be.greaterThan(clock.now());
    await keeper.stop();
  });
});
