import type { Directory } from '../domain/directory.ts';
import type { Agenda } from '../engine/ports/agenda.ts';
import type { Conflicts } from '../engine/ports/conflicts.ts';
import type { ConnectionHistory } from '../engine/ports/connection-history.ts';
import type { ContingencyReader } from '../engine/ports/contingency.ts';
import type { Desk } from '../engine/ports/desk.ts';
import type { Operations } from '../engine/ports/front.ts';
import type { Lists } from '../engine/ports/lists.ts';
import type { Offerings } from '../engine/ports/offerings.ts';
import type { Persons } from '../engine/ports/patients.ts';
import type { PolicyPreviews } from '../engine/ports/policy-preview.ts';
import type { PublicationReader } from '../engine/ports/publication.ts';
import type { Rosters } from '../engine/ports/rosters.ts';
import type { Tasks } from '../engine/ports/tasks.ts';
import type { Front } from '../fhir/front.ts';
import type { PatientDependencies } from '../fhir/patients.ts';

/** What those of one organization are served, or those of all: the same routes on other data. */
export type View = {
  readonly directory: Directory;
  /** What `/fhir` serves. */
  readonly front: Front;
  readonly publication: PublicationReader;
  readonly operations: Operations;
  readonly offerings: Pick<Offerings, 'schedules'>;
  readonly conflicts: Conflicts;
  readonly tasks: Tasks;
  readonly lists: Lists;
  readonly history: ConnectionHistory;
  readonly rosters: Rosters;
  readonly agenda: Agenda;
  readonly previews: PolicyPreviews;
  readonly desk: Desk;
  /** Who comes, as the clinic keeps it. */
  readonly patients: PatientDependencies;
  /** Of the schedules of the directory: what is asked for are they. */
  readonly contingency: ContingencyReader;
  /** What is known of one person, handed over or erased. */
  readonly persons: Persons;
};

/** @param organizationId null = of all. @returns null where there is no such organization, or not any more. */
export type Views = (organizationId: string | null) => View | null;
