import { hasDovecot } from '../../adapters/mailbox/bench/dovecot.ts';
import targets from '../../adapters/mailbox/conformance.ts';
import { conforms } from '../../src/conformance/mocha.ts';
import { requireServer } from '../support/servers.ts';

describe('a mailbox', () => {
  before(requireServer('Dovecot', hasDovecot()));
  for (const target of targets) conforms('mailbox', target);
});
