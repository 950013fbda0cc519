import { freshPglite } from '../support/databases.ts';
import { runSeed } from './run.ts';
import { BROKEN } from './variants.ts';

const names = process.argv.slice(2);
for (const variant of BROKEN.map(({ variant }) => variant).filter((v) =>
  names.some((n) => v.name.includes(n)),
)) {
  const opened = await freshPglite();
  const t = performance.now();
  for (let seed = 1; seed < 61; seed += 1) {
    if (seed === 20 || seed === 54) continue;
    const result = await runSeed(seed, opened.database, {
      ...variant,
      script: seed === 1 ? variant.script : null,
    });
    if (result.violations.length > 0) {
      console.log(
        variant.name,
        'CAUGHT at',
        seed,
        Math.round(performance.now() - t),
        result.violations.slice(0, 2).map((v) => v.slice(0, 160)),
      );
      break;
    }
    if (seed === 60) console.log(variant.name, 'SURVIVED');
  }
  await opened.drop();
}
process.exit(0);
