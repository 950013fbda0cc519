/**
 * An incident of confidentiality as the register has it (R-22.1, r. 1, s. 15), in the words of the person responsible. Null = nobody
 * has said it yet.
 */
export type IncidentStatement = {
  /** The information concerned, or why it cannot be described. */
  readonly information: string | null;
  readonly circumstances: string | null;
  /** When it happened: a date or a period, in words where only that is known. */
  readonly occurred: string | null;
  /** When the body became aware of it. */
  readonly awareOn: string | null;
  /** How many persons are concerned, or about how many. */
  readonly persons: string | null;
  /** Why there is, or is not, a risk of serious injury. */
  readonly risk: string | null;
  /** When the Minister, the Commission and the persons were told. */
  readonly noticeToMinister: string | null;
  readonly noticeToCommission: string | null;
  readonly noticeToPersons: string | null;
  readonly measures: string | null;
};

export const INCIDENT_FIELDS = [
  'information',
  'circumstances',
  'occurred',
  'awareOn',
  'persons',
  'risk',
  'noticeToMinister',
  'noticeToCommission',
  'noticeToPersons',
  'measures',
] as const satisfies readonly (keyof IncidentStatement)[];
