import type { OperationParameter } from '../operation.ts';

/** Parameters of IHE ITI Scheduling's operations (v1.0.0, OperationDefinitions), and of the pages of what they find. */

type Max = OperationParameter['max'];

const into = (name: string, type: string, max: Max, fr: string, en: string, min = 0): OperationParameter =>
  ({ name, use: 'in', min, max, type, documentation: { fr, en } }) as OperationParameter;

const BUNDLE = (fr: string, en: string): OperationParameter => ({
  name: 'return',
  use: 'out',
  min: 0,
  max: 1,
  type: 'Bundle',
  documentation: { fr, en },
});

export const FIND_PARAMETERS: readonly OperationParameter[] = [
  into('start', 'dateTime', 1, 'À partir de quand; sinon maintenant.', 'From when; now when left out.'),
  into('end', 'dateTime', 1, 'Jusqu’à quand; sinon 28 jours.', 'Until when; 28 days when left out.'),
  into('specialty', 'string', '*', 'system|code.', 'system|code.'),
  into('visit-type', 'string', '*', 'Le service, system|code.', 'The service, system|code.'),
  into('practitioner', 'Reference', '*', 'Avec qui : id ou identifiant.', 'With whom: by id or identifier.'),
  into('organization', 'Reference', '*', 'Chez qui : id ou identifiant.', 'At which: by id or identifier.'),
  into('location-string', 'string', '*', 'Une partie de l’adresse.', 'A part of the address.'),
  into('location-reference', 'Reference', '*', 'Où : id ou identifiant.', 'Where: by id or identifier.'),
  into('patient-reference', 'Reference', '*', 'Pour qui.', 'For whom.'),
  into('patient-resource', 'Patient', '*', 'Pour qui.', 'For whom.'),
  into('reason', 'string', '*', 'Le motif, system|code.', 'The reason, system|code.'),
  into('referral-identifier', 'Identifier', 1, 'Pas utilisé.', 'Not used.'),
  into('timing', 'Timing', 1, 'Pas utilisé.', 'Not used.'),
  into('insurance-reference', 'Reference', '*', 'Pas utilisé.', 'Not used.'),
  into('_count', 'integer', 1, 'Combien dans une page.', 'How many in a page.'),
  into('_after', 'string', 1, 'D’un lien next.', 'Of a next link.'),
  into('_criteria', 'string', 1, 'D’un lien next.', 'Of a next link.'),
  BUNDLE('Les rendez-vous proposés.', 'The proposed appointments.'),
];

export const HOLD_PARAMETERS: readonly OperationParameter[] = [
  into(
    'appointment-reference',
    'Reference',
    1,
    'Un rendez-vous proposé par $find.',
    'An appointment that $find has proposed.',
    1,
  ),
  BUNDLE('Le rendez-vous en attente.', 'The pending appointment.'),
];

export const BOOK_PARAMETERS: readonly OperationParameter[] = [
  into(
    'appointment-reference',
    'Reference',
    1,
    'Un rendez-vous proposé par $find, ou retenu par $hold.',
    'An appointment that $find has proposed, or $hold has held.',
  ),
  into(
    'appointment-resource',
    'Appointment',
    1,
    'En entier; status pending réserve, cancelled annule ou libère.',
    'The whole of it; status pending books, cancelled cancels or releases.',
  ),
  into('patient-resource', 'Patient', '*', 'Pour qui.', 'For whom.'),
  into('comment', 'string', 1, 'À qui honore le rendez-vous.', 'For whom honours the appointment.'),
  BUNDLE('Le rendez-vous, réservé ou annulé.', 'The appointment, booked or cancelled.'),
];
