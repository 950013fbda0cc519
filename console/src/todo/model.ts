import type { Period } from '../agenda/model.ts';
import type { components } from '../api/schema.d.ts';

/** What the admin API tells of what waits for a person, as its description has it. */

type Schemas = components['schemas'];

export type Conflict = Schemas['Conflict'];
export type Booking = Schemas['ConflictBooking'];
export type Proposal = Schemas['Proposal'];
export type ConflictWithProposals = Schemas['ConflictWithProposals'];
export type Task = Schemas['Task'];
export type Connection = Schemas['ConnectionStatus'];
export type Status = Schemas['Status'];
export type Suspect = NonNullable<Connection['suspects']>[number];
export type Unreadable = NonNullable<Connection['unreadable']>[number];
export type ListedCalendar = NonNullable<Connection['lists']>[number];
export type ListTaken = Schemas['ListTaken'];
export type RejectedRecord = Schemas['RejectedRecords']['records'][number];

export type Patient = NonNullable<Period['patient']>;

export type Side = 'a' | 'b';
export const SIDES = ['a', 'b'] as const;
export const otherSide = (side: Side): Side => (side === 'a' ? 'b' : 'a');

/** All of it, as of one look. */
export type Waiting = {
  readonly conflicts: readonly Conflict[];
  readonly tasks: readonly Task[];
  readonly status: Status;
  /** False = there are more conflicts or tasks than are told at once. */
  readonly complete: boolean;
};
