import { type Connect, defineAdapter, type Platform } from '../../src/adapter/contract.ts';
import { openDocuments } from './client.ts';
import { manifest, type RosterSettings } from './manifest.ts';
import { readRoster } from './reading.ts';

/** Published shifts. They are read, and nothing is written to them. See README.md for what that costs. */
export default defineAdapter({ manifest, connect });

function connect(options: Connect<RosterSettings>): Platform {
  const { settings, zoneOf, maps } = options;
  const documents = openDocuments(options);
  const source = { documents, settings, zoneOf, tasks: maps.map('roster-task') };
  return {
    read: (request) => readRoster(source, request),
    operations: {},
    check: async (signal) => {
      for (const document of documents) await document.check(signal);
    },
    close: async () => {
      for (const document of documents) document.close();
    },
  };
}
