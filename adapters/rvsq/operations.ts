import type { CodeMap, CodeMaps } from '../../src/adapter/concept-map.ts';
import type { Operations, Publish, Written } from '../../src/adapter/contract.ts';
import type { Mark, Observation } from '../../src/adapter/observation.ts';
import { type Client, type Kind, patientOf, textOf, whenOf } from './client.ts';
import { REGULAR } from './normalize.ts';

export type OperationOptions = {
  readonly client: Client;
  readonly maps: CodeMaps;
  readonly readBack: (calendar: string, mark: Mark) => Promise<readonly Observation[]>;
};

/** Our commands as calls of RVSQ's interface. */
export function createOperations({
  client,
  maps,
  readBack,
}: OperationOptions): Omit<Operations, 'hold' | 'release'> {
  const offerOf = createOffer(maps);

  function put(
    kind: Kind,
    { calendar, mark, interval, known }: Pick<Publish, 'calendar' | 'mark' | 'interval' | 'known'>,
    rest: object,
  ): Promise<Written> {
    const body = { professionalId: calendar, ...whenOf(interval), ...rest, externalReference: mark };
    return known ? client.replace(kind, known, body) : client.create(kind, body);
  }

  return {
    publish: (command) => put('availabilities', command, offerOf(command)),
    withdraw: ({ known }) => client.remove('availabilities', known),
    block: (command) => put('unavailabilities', command, {}),
    unblock: ({ known }) => client.remove('unavailabilities', known),
    book: async ({ calendar, mark, interval, slot, patient }) => {
      const answer = await put(
        'activities',
        { calendar, mark, interval, known: null },
        { availabilityId: slot, patient: patientOf(patient) },
      );
      if (answer.outcome !== 'taken') return answer;
      // RVSQ knows no key: who took the time may be we ourselves, with a call whose answer was lost.
      const ours = (await readBack(calendar, mark)).find(isAppointment);
      if (!ours) return answer;
      return {
        outcome: 'done',
        externalId: ours.externalId,
        revision: ours.revision,
        sequence: ours.sequence,
      };
    },
    cancel: ({ known }) => client.remove('activities', known),
    move: ({ known, interval, slot }) =>
      client.replace('activities', known, { availabilityId: slot, ...whenOf(interval) }),
  };
}

const isAppointment = (row: Observation): boolean => row.kind === 'busy' && row.busyKind === 'appointment';

/** The attributes of a slot in RVSQ's codes. */
function createOffer(maps: CodeMaps): (command: Publish) => object {
  const reason = maps.map('rvsq-reason');
  const eligibility = maps.map('rvsq-eligibility');
  const reorientation = maps.map('rvsq-reorientation');
  const mode = maps.map('rvsq-mode');
  return ({ attributes }) => ({
    availableSinceUtc: textOf(attributes.availableSince),
    consultingReasons: theirs(attributes.reasons, reason)?.map((uid) => ({ uid })) ?? null,
    clientele: theirs(attributes.eligibility, eligibility),
    origins:
      attributes.reorientation?.length === 0 ? [REGULAR] : theirs(attributes.reorientation, reorientation),
    visitType: attributes.mode === null ? null : mode.toTheirs(attributes.mode),
  });
}

/** What has no code there is left out: fewer may book, never more. */
const theirs = (ours: readonly string[] | null, map: CodeMap): string[] | null =>
  ours === null ? null : ours.map(map.toTheirs).filter((code) => code !== null);
