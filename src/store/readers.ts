import type { AgendaReader } from '../engine/ports/agenda.ts';
import type { AuditReader } from '../engine/ports/audit.ts';
import type { ConflictReader } from '../engine/ports/conflicts.ts';
import type { HistoryReader } from '../engine/ports/connection-history.ts';
import type { ContingencyReader } from '../engine/ports/contingency.ts';
import type { Reader } from '../engine/ports/front.ts';
import type { PatientReader } from '../engine/ports/patients.ts';
import type { PolicyRecordReader } from '../engine/ports/policy-preview.ts';
import type { PublicationReader } from '../engine/ports/publication.ts';
import type { RosterReader } from '../engine/ports/rosters.ts';
import type { TaskReader } from '../engine/ports/tasks.ts';
import type { VersionReader } from '../engine/ports/versions.ts';
import { bind } from './bind.ts';
import type { Queryable } from './database.ts';
import { auditRecords, countAuditRecords } from './statements/audit.ts';
import { connectionHistory } from './statements/connection-samples.ts';
import { freeTime, takenTime } from './statements/contingency.ts';
import { differingListings } from './statements/differing-listings.ts';
import { conflict, conflicts } from './statements/find-conflicts.ts';
import { freeSlotsAround } from './statements/find-free-slots.ts';
import {
  countPatients,
  countPatientVersions,
  patientsByHash,
  patientVersions,
  searchPatients,
} from './statements/find-patients.ts';
import {
  appointmentVersions,
  countAppointmentVersions,
  countResourceVersions,
  countSlotVersions,
  resourceVersions,
  slotVersions,
} from './statements/find-versions.ts';
import { freeCounts, queuedListings, waitingBookings } from './statements/outage.ts';
import {
  recordedAccepted,
  recordedConflicts,
  recordedOutages,
  recordedPeriods,
  recordedSince,
  recordedSlots,
} from './statements/policy-record.ts';
import { publicationTally, publishedSlots } from './statements/publish-slots.ts';
import { agenda, agendaPeriod } from './statements/read-agenda.ts';
import { slotsOffered, timeBooked } from './statements/roster-coverage.ts';
import {
  countAppointments,
  countSlots,
  schedulesOfSlots,
  searchAppointments,
  searchSlots,
} from './statements/search.ts';
import { rosterReading } from './statements/shifts.ts';
import { task, tasks } from './statements/tasks.ts';

export type Readers = Reader &
  PublicationReader &
  ConflictReader &
  VersionReader &
  PatientReader &
  AuditReader &
  TaskReader &
  RosterReader &
  AgendaReader &
  ContingencyReader &
  HistoryReader &
  PolicyRecordReader;

/** What only looks: of everything, or of one organization (wall.ts). */
export const createReaders = (on: Queryable): Readers =>
  bind(on, {
    searchSlots,
    searchAppointments,
    countSlots,
    schedulesOfSlots,
    countAppointments,
    publishedSlots,
    publicationTally,
    conflicts,
    conflict,
    freeSlotsAround,
    ...rosterReading,
    slotsOffered,
    timeBooked,
    agenda,
    agendaPeriod,
    connectionHistory,
    differingListings,
    slotVersions,
    appointmentVersions,
    resourceVersions,
    countSlotVersions,
    countAppointmentVersions,
    countResourceVersions,
    searchPatients,
    countPatients,
    patientsByHash,
    patientVersions,
    countPatientVersions,
    auditRecords,
    countAuditRecords,
    tasks,
    task,
    takenTime,
    freeTime,
    queuedListings,
    waitingBookings,
    freeCounts,
    recordedSlots,
    recordedPeriods,
    recordedConflicts,
    recordedOutages,
    recordedAccepted,
    recordedSince,
  });
