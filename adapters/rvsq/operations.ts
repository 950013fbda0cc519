import type { CodeMap, CodeMaps } from '../../src/adapter/concept-map.ts';
import type { Book, Held, Hold, Operations, Publish, Written } from '../../src/adapter/contract.ts';
import type { Mark, Observation, ObservedBusy } from '../../src/adapter/observation.ts';
import type { BusyKind } from '../../src/domain/busy.ts';
import { formatInstant } from '../../src/domain/instant.ts';
import { type Client, type Kind, patientOf, textOf, whenOf } from './client.ts';
import { REGULAR } from './normalize.ts';

export type OperationOptions = {
  readonly client: Client;
  readonly maps: CodeMaps;
  readonly readBack: (calendar: string, mark: Mark) => Promise<readonly Observation[]>;
};

/** Our commands as calls of RVSQ's interface. */
export function createOperations({ client, maps, readBack }: OperationOptions): Operations {
  const offerOf = createOffer(maps);

  function put(
    kind: Kind,
    { calendar, mark, interval, known }: Pick<Publish, 'calendar' | 'mark' | 'interval' | 'known'>,
    rest: object,
  ): Promise<Written> {
    const body = { professionalId: calendar, ...whenOf(interval), ...rest, externalReference: mark };
    return known ? client.replace(kind, known, body) : client.create(kind, body);
  }

  /** RVSQ knows no key: who took the time may be we ourselves, with a call whose answer was lost. */
  async function taker({ calendar, mark }: Hold | Book, kind: BusyKind): Promise<ObservedBusy | undefined> {
    const rows = await readBack(calendar, mark);
    return rows.filter((row) => row.kind === 'busy').find(({ busyKind }) => busyKind === kind);
  }

  return {
    publish: (command) => put('availabilities', command, offerOf(command)),
    withdraw: ({ known }) => client.remove('availabilities', known),
    block: (command) => put('unavailabilities', command, {}),
    unblock: ({ known }) => client.remove('unavailabilities', known),
    hold: async (command): Promise<Held> => {
      const answer = await client.lock({
        ...placeOf(command),
        lockedUntilUtc: formatInstant(command.expiresAt),
      });
      if (answer.outcome !== 'taken') return answer;
      const ours = await taker(command, 'hold');
      return ours?.expiresAt == null ? answer : { ...done(ours), expiresAt: ours.expiresAt };
    },
    release: ({ known }) => client.remove('locks', known),
    book: async (command) => {
      const patient = patientOf(command.patient);
      if (command.hold) {
        const answer = await client.confirm(command.hold, { externalReference: command.mark, patient });
        // A lock that ended too soon costs nobody the time, as long as nobody else took it.
        if (answer.outcome !== 'gone') return answer;
      }
      const answer = await client.create('activities', { ...placeOf(command), patient });
      if (answer.outcome !== 'taken') return answer;
      const ours = await taker(command, 'appointment');
      return ours ? done(ours) : answer;
    },
    cancel: ({ known }) => client.remove('activities', known),
    move: ({ known, interval, slot }) =>
      client.replace('activities', known, { availabilityId: slot, ...whenOf(interval) }),
  };
}

const placeOf = ({ calendar, mark, interval, slot }: Hold | Book) => ({
  professionalId: calendar,
  availabilityId: slot,
  ...whenOf(interval),
  externalReference: mark,
});

const done = ({ externalId, revision, sequence }: Observation) =>
  ({ outcome: 'done', externalId, revision, sequence }) as const;

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
