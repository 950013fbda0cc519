import { askingOperations } from '../../src/adapter/asking/operations.ts';
import { defineAdapter } from '../../src/adapter/contract.ts';
import { createCredentials } from './credentials.ts';
import { hearing } from './hearing.ts';
import { checkMailbox, openMailbox } from './mailbox.ts';
import { manifest } from './manifest.ts';

export default defineAdapter({
  manifest,
  connect: (options) => {
    const { settings, targets, limits, environment } = options;
    const credentials = createCredentials(options);
    const mailbox = {
      settings,
      targets,
      timeoutMilliseconds: limits.timeoutMilliseconds,
      credentials: credentials.get,
    };
    const zoneOf = (calendar: string): string | null => {
      try {
        return options.zoneOf(calendar);
      } catch (error) {
        // Notices tell of all agendas of the clinic, and not all of them are ours.
        if (error instanceof RangeError) return null;
        throw error;
      }
    };
    return {
      async *read() {
        yield { kind: 'end', complete: null, cursor: null, trueAt: null };
      },
      operations: askingOperations(options),
      listen: hearing({ settings, environment, zoneOf, open: (signal) => openMailbox(mailbox, signal) }),
      check: (signal) => checkMailbox(mailbox, signal),
      close: async () => credentials.close(),
    };
  },
});
