import targets from '../../adapters/roster/conformance.ts';
import { conforms } from '../../src/conformance/mocha.ts';

for (const target of targets) conforms(`roster on ${target.name}`, target);
