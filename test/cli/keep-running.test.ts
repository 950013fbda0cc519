import { expect } from 'chai';
import type { Gateway } from '../../src/cli/dependencies.ts';
import { createKeeper, LOOK_MILLISECONDS, type Loaded } from '../../src/cli/keep-running.ts';
import { ConfigurationError } from '../../src/config/problems.ts';
import { OperatorError } from '../../src/system/operator-error.ts';
import { until } from '../support/servers.ts';

const CONFIGURATION = {} as Loaded['configuration'];

/** A file that is a word, a gateway that only remembers, and a clock that stands until it is moved on. */
function world(text = 'one') {
  const file = { text };
  const happened: string[] = [];
  const logged: unknown[] = [];
  const over = new AbortController();
  let tick: () => void = () => undefined;
  let sleeping = 0;
  const log = (_entry: unknown, message: string) => void logged.push(message);
  const keeper = createKeeper({
    revision: async () => file.text,
    async load() {
      if (!file.text.startsWith('wrong')) return { revision: file.text, configuration: CONFIGURATION };
      const problem = { line: 1, column: 1, path: '', message: 'is wrong' };
      throw new ConfigurationError('clinic.yaml', [problem]);
    },
    async start({ revision }): Promise<Gateway> {
      happened.push(`start ${revision}`);
      if (revision.startsWith('bad')) throw new OperatorError('its port is taken');
      return { url: null, close: async () => void happened.push(`close ${revision}`) };
    },
    onStarted: () => undefined,
    over: over.signal,
    clock: {
      sleep: (milliseconds, signal) => {
        expect(milliseconds).to.equal(LOOK_MILLISECONDS);
        sleeping += 1;
        return new Promise((resolve, reject) => {
          tick = resolve;
          signal?.addEventListener('abort', () => reject(signal.reason));
        });
      },
    },
    logger: { info: () => undefined, warn: log, error: log } as never,
  });
  const ran = keeper.run();
  return {
    ...{ file, happened, logged, keeper, ran },
    /** Until it waits again. */
    async look(how: 'by the clock' | 'by a bell' | 'by SIGHUP' = 'by the clock'): Promise<void> {
      await until('it waits', async () => sleeping > 0);
      sleeping = 0;
      if (how === 'by the clock') tick();
      else keeper.look(how === 'by SIGHUP');
      await until('it waits again', async () => sleeping > 0);
    },
    async end(): Promise<void> {
      over.abort();
      await ran;
    },
  };
}

describe('a gateway that is kept running by its file', () => {
  it('goes on as long as the file says the same, and is closed at the end', async () => {
    const { look, end, happened } = world();
    for (const how of ['by the clock', 'by a bell'] as const) await look(how);
    await end();
    expect(happened).to.deep.equal(['start one', 'close one']);
  });

  for (const how of ['by the clock', 'by a bell', 'by SIGHUP'] as const) {
    it(`is closed, then started by what the file says now: ${how}`, async () => {
      const { look, end, happened, file, keeper } = world();
      await look();
      file.text = 'two';
      await look(how);
      expect(keeper.running()).to.equal('two');
      await end();
      expect(happened).to.deep.equal(['start one', 'close one', 'start two', 'close two']);
    });
  }

  it('is started anew on SIGHUP though the file says the same: its secrets may be others', async () => {
    const { look, end, happened } = world();
    await look('by SIGHUP');
    await end();
    expect(happened).to.deep.equal(['start one', 'close one', 'start one', 'close one']);
  });

  it('goes on by the former file while the new one is wrong, and says so once', async () => {
    const { look, end, happened, logged, file, keeper } = world();
    file.text = 'wrong';
    for (let index = 0; index < 3; index += 1) await look();
    expect(logged).to.have.length(1);
    file.text = 'wrong again';
    await look();
    expect(logged).to.have.length(2);
    file.text = 'two';
    await look();
    expect(keeper.running()).to.equal('two');
    await end();
    expect(happened).to.deep.equal(['start one', 'close one', 'start two', 'close two']);
  });

  it('is started by the former one where the new one cannot be, and is not tried again until it changes', async () => {
    const { look, end, happened, file, keeper } = world();
    file.text = 'bad';
    for (let index = 0; index < 3; index += 1) await look();
    expect(keeper.running()).to.equal('one');
    expect(keeper.failed()).to.deep.equal({ revision: 'bad', reason: 'its port is taken' });
    file.text = 'two';
    await look();
    expect(keeper.failed()).to.equal(null);
    await end();
    expect(happened).to.deep.equal([
      ...['start one', 'close one', 'start bad', 'start one', 'close one', 'start two', 'close two'],
    ]);
  });

  it('rejects where it cannot be started at all', async () => {
    const bad = await world('bad').ran.catch((error: unknown) => error);
    expect(bad).to.be.instanceOf(OperatorError);
    const wrong = await world('wrong').ran.catch((error: unknown) => error);
    expect(wrong).to.be.instanceOf(ConfigurationError);
  });
});
