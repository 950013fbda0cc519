import { conforms } from '../../src/conformance/mocha.ts';
import { passerelleTarget } from '../support/passerelle-target.ts';

conforms('fhir-r4 on Passerelle', passerelleTarget);
