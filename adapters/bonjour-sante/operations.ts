import type { CodeMap, CodeMaps } from '../../src/adapter/concept-map.ts';
import type { Book, Held, Known, Operations, Publish, Written } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import type { Instant } from '../../src/domain/instant.ts';
import { type Interval, sameInterval } from '../../src/domain/interval.ts';
import { type Answer, type Client, type Kind, patientOf, textOf, timesOf } from './client.ts';
import type { Confirmation, Element } from './wire.ts';

/** Our commands as calls of the vendor's interface. */
export function createOperations(client: Client, maps: CodeMaps): Operations {
  const offerOf = createOffer(maps);

  /** Creates under our mark, or changes what stands there. */
  async function put(
    kind: Kind,
    { calendar, mark, interval, known }: Pick<Publish, 'calendar' | 'mark' | 'interval' | 'known'>,
    rest: object,
  ): Promise<Written> {
    const body = { ...timesOf(interval), ...rest, referenceExterne: mark };
    if (known) return written(await client.replace(kind, known, body));
    const answer = created(await client.create(calendar, kind, mark, body));
    if (answer.outcome !== 'done' || sameInterval(intervalOf(answer.element), interval))
      return written(answer);
    // The key was used for another time before: what stands there is ours, and is moved.
    return written(await client.replace(kind, knownOf(answer.element), body));
  }

  /** One call, so that no reading and no webhook meets a booking of ours that is only a lock. */
  const reserve = async (
    { calendar, mark, interval, slot }: Pick<Book, 'calendar' | 'mark' | 'interval' | 'slot'>,
    rest: { expireLe: string | null; confirmation: Pick<Confirmation, 'patient'> | null },
  ): Promise<Answer> => {
    const body = { ...timesOf(interval), plageId: slot, referenceExterne: mark, ...rest };
    return created(await client.create(calendar, 'reservations', mark, body));
  };

  return {
    publish: (command) => put('plages', command, offerOf(command)),
    withdraw: ({ known }) => client.remove('plages', known),
    block: (command) => put('blocages', command, {}),
    unblock: ({ known }) => client.remove('blocages', known),
    hold: async (command) => {
      const answer = await reserve(command, { expireLe: textOf(command.expiresAt), confirmation: null });
      return held(answer, command.expiresAt);
    },
    release: ({ known }) => client.remove('reservations', known, 'verrouillee'),
    book: async (command) => {
      const patient = patientOf(command.patient);
      if (command.hold) {
        const answer = await client.confirm(command.hold, { referenceExterne: command.mark, patient });
        // A hold that ended too soon costs nobody the time, as long as nobody else took it.
        if (answer.outcome !== 'gone') return written(answer);
      }
      return written(await reserve(command, { expireLe: null, confirmation: { patient } }));
    },
    cancel: ({ known }) => client.remove('reservations', known),
    move: async ({ known, interval, slot }) =>
      written(await client.replace('reservations', known, { ...timesOf(interval), plageId: slot })),
  };
}

/** @throws Fault when the agenda is not there: that is not ours to call gone. */
function created(answer: Answer): Answer {
  if (answer.outcome === 'gone') throw new Fault('malformed', 'the platform does not know the calendar');
  return answer;
}

const knownOf = (element: Element): Known => ({ externalId: element.id, revision: String(element.version) });

const intervalOf = ({ debut, fin }: Element): Interval => ({ start: debut, end: fin });

const written = (answer: Answer): Written => (answer.outcome === 'done' ? done(answer.element) : answer);

const done = ({ id, version }: Element) =>
  ({ outcome: 'done', externalId: id, revision: String(version), sequence: version }) as const;

function held(answer: Answer, asked: Instant): Held {
  if (answer.outcome !== 'done') return answer;
  const { element } = answer;
  const granted = element.genre === 'reservation' ? element.expireLe : null;
  return { ...done(element), expiresAt: granted ?? asked };
}

/** The attributes of a slot in the vendor's codes. */
function createOffer(maps: CodeMaps): (command: Publish) => object {
  const reason = maps.map('bonjour-sante-reason');
  const eligibility = maps.map('bonjour-sante-eligibility');
  const reorientation = maps.map('bonjour-sante-reorientation');
  const mode = maps.map('bonjour-sante-mode');
  return ({ attributes }) => ({
    offerteDepuis: textOf(attributes.availableSince),
    motifs: theirs(attributes.reasons, reason),
    clienteles: theirs(attributes.eligibility, eligibility),
    provenances: theirs(attributes.reorientation, reorientation),
    mode: attributes.mode === null ? null : mode.toTheirs(attributes.mode),
  });
}

/** What has no code there is left out: fewer may book, never more. */
const theirs = (ours: readonly string[] | null, map: CodeMap): string[] | null =>
  ours === null ? null : ours.map(map.toTheirs).filter((code) => code !== null);
