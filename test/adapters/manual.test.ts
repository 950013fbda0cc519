import targets from '../../adapters/manual/conformance.ts';
import { conforms } from '../../src/conformance/mocha.ts';

for (const target of targets) conforms('manual', target, 'silver');
