import type { Directory } from './domain/directory.ts';
import type { Agenda, AgendaReader } from './engine/ports/agenda.ts';
import type { Conflicts } from './engine/ports/conflicts.ts';
import type { ConnectionHistory, HistoryReader } from './engine/ports/connection-history.ts';
import type { ContingencyReader } from './engine/ports/contingency.ts';
import type { Desk } from './engine/ports/desk.ts';
import type { Operations } from './engine/ports/front.ts';
import type { Lists } from './engine/ports/lists.ts';
import type { PolicyPreviews, PolicyRecordReader } from './engine/ports/policy-preview.ts';
import type { PublicationReader } from './engine/ports/publication.ts';
import type { RosterReader, Rosters } from './engine/ports/rosters.ts';
import type { Tasks } from './engine/ports/tasks.ts';
import { createFront, type FrontDependencies } from './fhir/front.ts';
import { createPersons, type PersonsDependencies } from './fhir/persons.ts';
import type { View, Views } from './server/view.ts';
import type { Readers } from './store/readers.ts';
import {
  ownAgenda,
  ownAudit,
  ownBookings,
  ownConflicts,
  ownDesk,
  ownHistory,
  ownKeeper,
  ownLists,
  ownOfferings,
  ownOperations,
  ownPatients,
  ownReader,
  ownRecord,
  ownSchedules,
  ownTasks,
  ownVersions,
} from './tenancy/own.ts';

/** What each organization is served, made when somebody of it first asks. */

export type Whole = Omit<FrontDependencies, 'operations'> & {
  readonly publication: PublicationReader;
  readonly operations: Operations;
  readonly conflicts: Conflicts;
  readonly tasks: Tasks;
  readonly lists: Lists;
  readonly rosterReader: RosterReader;
  readonly contingency: ContingencyReader;
  readonly rostersOf: (directory: Directory, reader: RosterReader) => Rosters;
  readonly desk: Desk;
  readonly historyReader: HistoryReader;
  readonly historyOf: (reader: HistoryReader) => ConnectionHistory;
  readonly agendaReader: AgendaReader;
  readonly agendaOf: (whole: Pick<Whole, 'directory' | 'agendaReader' | 'operations'>) => Agenda;
  readonly recordReader: PolicyRecordReader;
  readonly previewsOf: (directory: Directory, reader: PolicyRecordReader) => PolicyPreviews;
  readonly seal: PersonsDependencies['seal'];
  readonly keeper: PersonsDependencies['keeper'];
  readonly onErased: PersonsDependencies['onErased'];
};

/** @param readersOf what can be read of one organization, behind the second wall where that stands. */
export function createViews(whole: Whole, readersOf: (organizationId: string) => Readers): Views {
  const all = viewOf(whole.directory, whole);
  const made = new Map<string, View>();
  return (organizationId) => {
    if (organizationId === null) return all;
    const known = made.get(organizationId);
    if (known) return known;
    if (!whole.directory.entries.organizations.some(({ id }) => id === organizationId)) return null;
    const directory = whole.directory.ofOrganization(organizationId);
    const view = viewOf(directory, ownPorts(whole, directory, organizationId, readersOf(organizationId)));
    made.set(organizationId, view);
    return view;
  };
}

const viewOf = (directory: Directory, ports: Whole): View => {
  const { publication, operations, offerings, conflicts, tasks, lists, patients, contingency } = ports;
  const persons = createPersons(ports);
  return {
    directory,
    publication,
    operations,
    offerings,
    conflicts,
    tasks,
    lists,
    contingency,
    history: ports.historyOf(ports.historyReader),
    rosters: ports.rostersOf(directory, ports.rosterReader),
    agenda: ports.agendaOf({ ...ports, directory }),
    desk: ports.desk,
    previews: ports.previewsOf(directory, ports.recordReader),
    patients,
    persons,
    front: createFront({ ...ports, directory }),
  };
};

function ownPorts(whole: Whole, directory: Directory, organizationId: string, readers: Readers): Whole {
  const own = ownSchedules(directory);
  const agendaReader = ownAgenda(readers, own);
  const reader = ownReader(readers, own);
  return {
    ...whole,
    reader,
    versions: ownVersions(readers, own, directory),
    // By its queries of the schedules of the directory only, as the other readers by theirs.
    publication: readers,
    rosterReader: readers,
    agendaReader,
    desk: ownDesk(whole.desk, own, agendaReader),
    contingency: readers,
    historyReader: ownHistory(readers, own, directory),
    recordReader: ownRecord(readers, own, directory),
    patients: { ...whole.patients, reader: ownPatients(readers, organizationId) },
    audit: ownAudit(readers, organizationId),
    bookings: ownBookings(whole.bookings, own, reader),
    offerings: ownOfferings(whole.offerings, own, reader),
    conflicts: ownConflicts(whole.conflicts, own),
    tasks: ownTasks(whole.tasks, own, readers, whole.clock),
    lists: ownLists(whole.lists, directory),
    keeper: ownKeeper(whole.keeper, directory),
    operations: ownOperations(whole.operations, directory),
  };
}
