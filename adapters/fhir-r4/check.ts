import { Fault } from '../../src/adapter/faults.ts';
import type { Client } from './client.ts';
import type { Settings } from './manifest.ts';

/**
 * That the server takes our credentials, speaks R4, and says of itself that it can search as the settings want.
 * @throws Fault whose message says what to change.
 */
export async function check(
  client: Client,
  { changes }: Pick<Settings, 'changes'>,
  signal: AbortSignal,
): Promise<void> {
  await client.anySchedule(signal);
  const { fhirVersion, rest } = await client.capabilities(signal);
  if (!fhirVersion.startsWith('4.0')) {
    throw new Fault('malformed', 'metadata: fhirVersion is not 4.0.x: this adapter speaks R4 only');
  }
  const wanted: Readonly<Record<string, readonly string[]>> = {
    Slot: ['schedule', 'start', 'identifier'],
    Appointment: ['actor', 'date', 'identifier'],
  };
  for (const [type, names] of Object.entries(wanted)) {
    const resources = rest.flatMap(({ resource }) => resource.filter((each) => each.type === type));
    const known = new Set(
      [...rest, ...resources].flatMap(({ searchParam }) => searchParam.map(({ name }) => name)),
    );
    const missing = names.filter((name) => !known.has(name));
    if (missing.length > 0) {
      throw new Fault('malformed', `metadata: ${type} cannot be searched by ${missing.join(', ')}`);
    }
    if (changes === 'lastUpdated' && !known.has('_lastUpdated')) {
      throw new Fault(
        'malformed',
        `metadata: ${type} cannot be searched by _lastUpdated: set changes to snapshot`,
      );
    }
  }
}
