import type { Directory } from '../../domain/directory.ts';
import { formatInstant } from '../../domain/instant.ts';
import type { Bookings, Reader } from '../../engine/ports/front.ts';
import { type Answer, ok } from '../answer.ts';
import { argumentsIn } from '../arguments.ts';
import { book } from '../book.ts';
import type { Operation, OperationInput } from '../operation.ts';
import { Refused } from '../outcomes.ts';
import type { PatientDependencies } from '../patients.ts';
import { appointmentById } from '../rows.ts';
import type { Context } from '../search.ts';
import { textOf } from '../stored.ts';
import { update } from '../update.ts';
import { single } from './answers.ts';
import { BOOK_PARAMETERS } from './parameters.ts';
import { proposedSlot, readProposalId } from './proposals.ts';
import { localId } from './references.ts';

/**
 * `Appointment/$book` (IHE ITI Scheduling, ITI-117): books what was proposed or held, moves, and cancels. It does what POST and
 * PUT of an Appointment do, by the same functions.
 */

export type BookDependencies = {
  readonly directory: Directory;
  readonly reader: Reader;
  readonly bookings: Bookings;
  readonly patients: PatientDependencies;
};

export const bookOperation = (dependencies: BookDependencies): Operation => ({
  documentation: {
    fr: 'Réserve ce que $find a proposé ou $hold a retenu; avec status booked et une autre plage, déplace; avec status cancelled, annule ou libère.',
    en: 'Books what $find has proposed or $hold has held; with status booked and another slot it moves; with status cancelled it cancels or releases.',
  },
  base: 'https://profiles.ihe.net/ITI/Scheduling/OperationDefinition/appointment-book',
  affectsState: true,
  needs: [
    { type: 'Appointment', permission: 'c' },
    { type: 'Appointment', permission: 'u' },
  ],
  parameters: BOOK_PARAMETERS,
  type: async (input) => {
    try {
      return await bookAppointment(dependencies, input);
    } catch (error) {
      // The text wants a Bundle with only the OperationOutcome.
      throw error instanceof Refused ? error.inBundle() : error;
    }
  },
});

async function bookAppointment(
  dependencies: BookDependencies,
  { body, context }: OperationInput,
): Promise<Answer> {
  const given = argumentsIn(BOOK_PARAMETERS, body);
  const answer = await perform(dependencies, await appointmentIn(dependencies, given, context), context);
  const { id } = JSON.parse(answer.text) as { id: string };
  return ok(single(id, answer.text, context));
}

type Resource = Readonly<Record<string, unknown>>;

/** A known one is what is held, or booked, here. */
type Wanted = { readonly resource: Resource; readonly knownId: string | null };

const perform = (
  dependencies: BookDependencies,
  { resource, knownId }: Wanted,
  context: Context,
): Promise<Answer> =>
  knownId === null
    ? book(dependencies, resource, context)
    : update(dependencies, { id: knownId, body: resource, ifVersion: null, context });

/** What is to be booked or cancelled, as POST and PUT take it. @throws Refused */
async function appointmentIn(
  dependencies: BookDependencies,
  given: Readonly<Record<string, unknown>>,
  context: Context,
): Promise<Wanted> {
  const { 'appointment-reference': reference, 'appointment-resource': resource, comment } = given;
  if ((reference === undefined) === (resource === undefined)) {
    throw refused('appointment-reference', {
      fr: 'il faut appointment-reference ou appointment-resource, et un seul des deux',
      en: 'must have appointment-reference or appointment-resource, and only one of them',
    });
  }
  const wanted =
    reference === undefined
      ? await ofResource(dependencies, resource as Resource)
      : await ofReference(dependencies, localId(reference, 'Appointment', 'appointment-reference', context));
  return {
    ...wanted,
    resource: withPatient(withComment(wanted.resource, comment), given['patient-resource']),
  };
}

async function ofReference({ directory, reader, bookings }: BookDependencies, id: string): Promise<Wanted> {
  const proposal = readProposalId(id);
  if (proposal) {
    const slot = await proposedSlot(bookings, proposal);
    if (!slot) throw gone();
    const { practitionerId } = directory.schedule(slot.scheduleId);
    const [start, end] = [formatInstant(slot.interval.start), formatInstant(slot.interval.end)];
    const resource = newAppointment({ start, end, actor: `Practitioner/${practitionerId}` });
    return { knownId: null, resource: { ...resource, slot: [{ reference: `Slot/${slot.id}` }] } };
  }
  const row = await appointmentById(reader, id);
  if (!row) throw gone();
  const { start, end, participant = [] } = textOf(row.document);
  const resource = newAppointment({ start, end, actor: participant[0]?.actor.reference ?? '' });
  return { knownId: id, resource: { ...resource, id, status: 'booked' } };
}

/** Status pending: what was proposed, what is held, or any slot. */
async function ofResource({ reader, bookings }: BookDependencies, resource: Resource): Promise<Wanted> {
  const id = typeof resource['id'] === 'string' ? resource['id'] : null;
  const proposal = id === null ? null : readProposalId(id);
  if (proposal) {
    const slot = await proposedSlot(bookings, proposal);
    if (!slot) throw gone();
    const { id: _, requestedPeriod: __, ...rest } = resource;
    return { knownId: null, resource: { ...rest, slot: [{ reference: `Slot/${slot.id}` }] } };
  }
  const row = id === null ? null : await appointmentById(reader, id);
  if (!row) return { knownId: null, resource };
  // Held: `pending` is what it is, and to be booked is what is meant.
  return {
    knownId: row.id,
    resource: resource['status'] === 'pending' ? { ...resource, status: 'booked' } : resource,
  };
}

const newAppointment = (of: { start: string; end: string; actor: string }): Resource => ({
  resourceType: 'Appointment',
  status: 'pending',
  start: of.start,
  end: of.end,
  participant: [{ actor: { reference: of.actor }, status: 'accepted' }],
});

const withComment = (resource: Resource, comment: unknown): Resource =>
  comment === undefined ? resource : { ...resource, comment };

const PATIENT = 'book-patient';

/** Contained, as POST takes it. @throws Refused on more than one. */
function withPatient(resource: Resource, patients: unknown): Resource {
  if (!Array.isArray(patients) || patients.length === 0) return resource;
  if (patients.length > 1) {
    throw refused('patient-resource', {
      fr: 'les rendez-vous de groupe ne sont pas offerts : un seul patient',
      en: 'group appointments are not offered: one patient only',
    });
  }
  const participants = Array.isArray(resource['participant']) ? resource['participant'] : [];
  const isPatient = (each: unknown): boolean =>
    /(^#|Patient\/)/.test(String((each as { actor?: { reference?: unknown } })?.actor?.reference ?? ''));
  return {
    ...resource,
    contained: [{ ...(patients[0] as Resource), id: PATIENT }],
    participant: [
      ...participants.filter((each) => !isPatient(each)),
      { actor: { reference: `#${PATIENT}` }, status: 'accepted' },
    ],
  };
}

const refused = (name: string, diagnostics: { fr: string; en: string }): Refused =>
  new Refused('invalid-parameter', { diagnostics, expression: `Parameters.parameter.where(name='${name}')` });

const gone = (): Refused =>
  new Refused('slot-taken', {
    diagnostics: {
      fr: 'ce rendez-vous n’est plus proposé ni retenu : cherchez de nouveau',
      en: 'this appointment is neither proposed nor held any more: find again',
    },
    expression: "Parameters.parameter.where(name='appointment-reference').value",
    code: 'not-found',
  });
