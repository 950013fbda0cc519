import type { Interval } from '../../src/domain/interval.ts';
import type { Context } from './context.ts';
import { runCase } from './suite.ts';
import type { Target } from './target.ts';

/** For what only one platform does: a mocha test with the suite's hands, on a platform of its own. */
export function ownCases(target: Target): (title: string, run: (context: Context) => Promise<void>) => void {
  return (title, run) => {
    it(title, async () => {
      const used: Interval[] = [];
      const bench = await target.open();
      try {
        await runCase({ id: title, title, applies: () => true, run }, target, bench, used);
      } finally {
        await bench.close();
      }
    });
  };
}
