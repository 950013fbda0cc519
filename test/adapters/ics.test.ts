import targets from '../../adapters/ics/conformance.ts';
import { conforms } from '../../src/conformance/mocha.ts';

for (const target of targets) conforms('ics', target);
