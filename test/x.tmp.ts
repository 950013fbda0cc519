import { runSeed } from './simulation/run.ts';
import { HALVES } from './simulation/shares.ts';
import { WHOLE } from './simulation/variants.ts';
import { freshPglite } from './support/databases.ts';

const { database } = await freshPglite();
const from = Number(process.argv[2]);
for (let s = from; s < from + 70; s++) {
  const r = await runSeed(s, database, WHOLE, { sharing: HALVES, topology: 'block' });
  if (r.violations.length) console.log(s, r.violations);
}
console.log('done');
process.exit(0);
