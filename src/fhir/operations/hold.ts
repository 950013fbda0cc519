import type { Directory } from '../../domain/directory.ts';
import type { Bookings } from '../../engine/ports/front.ts';
import { type Answer, ok } from '../answer.ts';
import { argumentsIn } from '../arguments.ts';
import { bookingRefused } from '../book.ts';
import type { Operation, OperationInput } from '../operation.ts';
import { type Issue, Refused } from '../outcomes.ts';
import { appointmentText } from '../rows.ts';
import { single } from './answers.ts';
import { HOLD_PARAMETERS } from './parameters.ts';
import { proposedSlot, readProposalId } from './proposals.ts';
import { localId } from './references.ts';

/** `Appointment/$hold` (IHE ITI Scheduling, ITI-116): keeps a proposed appointment for who fills in a form. */

export type HoldDependencies = { readonly directory: Directory; readonly bookings: Bookings };

export const holdAppointmentOperation = (dependencies: HoldDependencies): Operation => ({
  documentation: {
    fr: 'Retient un rendez-vous proposé par $find, aussi longtemps que la politique de l’horaire le dit.',
    en: 'Holds an appointment that $find has proposed, for as long as the schedule’s policy says.',
  },
  base: 'https://profiles.ihe.net/ITI/Scheduling/OperationDefinition/appointment-hold',
  affectsState: true,
  needs: [{ type: 'Appointment', permission: 'c' }],
  parameters: HOLD_PARAMETERS,
  type: (input) => hold(dependencies, input),
});

async function hold(
  { directory, bookings }: HoldDependencies,
  { body, context }: OperationInput,
): Promise<Answer> {
  const given = argumentsIn(HOLD_PARAMETERS, body);
  const id = localId(given['appointment-reference'], 'Appointment', 'appointment-reference', context);
  const proposal = readProposalId(id);
  const slot = proposal && (await proposedSlot(bookings, proposal));
  if (!slot) throw notHeld(WITHDRAWN);
  const { holds } = directory.policyOf(slot.scheduleId);
  const result = await bookings.hold({ slot, milliseconds: holds.usualMilliseconds });
  if (result.outcome === 'held') {
    const { appointment } = result;
    return ok(single(appointment.id, appointmentText(appointment), context));
  }
  const refused = bookingRefused(result, EXPRESSION, directory.zoneOf(slot.scheduleId));
  throw notHeld(...refused.issues.map((issue) => ({ ...issue, code: issue.code ?? ('conflict' as const) })));
}

const EXPRESSION = "Parameters.parameter.where(name='appointment-reference').value";

const WITHDRAWN: Issue = {
  diagnostics: {
    fr: 'ce rendez-vous n’est plus proposé : sa plage a été retirée ou déplacée; cherchez de nouveau',
    en: 'this appointment is proposed no more: its slot was withdrawn or moved; find again',
  },
  expression: EXPRESSION,
  code: 'not-found',
};

/** The text wants one issue at the least that is fatal and not-found; what it was comes after it. */
const notHeld = (...reasons: readonly Issue[]): Refused =>
  new Refused('not-held', [
    {
      severity: 'fatal',
      code: 'not-found',
      diagnostics: {
        fr: 'rien n’a été retenu',
        en: 'nothing was held',
      },
      expression: EXPRESSION,
    },
    ...reasons,
  ]);
