import targets from '../../adapters/hl7v2-siu/conformance.ts';
import { conforms } from '../../src/conformance/mocha.ts';

for (const target of targets) conforms('hl7v2-siu', target);
