import targets from '../../adapters/smart-scheduling-links/conformance.ts';
import { conforms } from '../../src/conformance/mocha.ts';

for (const target of targets) conforms(`smart-scheduling-links on ${target.name}`, target);
