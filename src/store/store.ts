import type { ApiTokenStore, AssertionStore } from '../engine/ports/access.ts';
import type { AuditStore } from '../engine/ports/audit.ts';
import type { HistoryKeeper } from '../engine/ports/connection-history.ts';
import type { IncidentStore } from '../engine/ports/incidents.ts';
import type { KeyStore } from '../engine/ports/keys.ts';
import type { PatientKeeper } from '../engine/ports/patients.ts';
import type { RosterKeeper } from '../engine/ports/rosters.ts';
import type { Store } from '../engine/ports/store.ts';
import type { SubscriptionStore } from '../engine/ports/subscriptions.ts';
import type { VersionKeeper } from '../engine/ports/versions.ts';
import { bind } from './bind.ts';
import { type Database, isRetryable } from './database.ts';
import { createReaders, type Readers } from './readers.ts';
import { agendaSlots } from './statements/agenda-slots.ts';
import { forgetHanded, handedUnits, handUnits, markSlots } from './statements/allotments.ts';
import { offersAmiss } from './statements/amiss-offers.ts';
import {
  addApiToken,
  apiTokenByHash,
  apiTokens,
  apiTokenUsed,
  revokeApiToken,
  useAssertion,
} from './statements/api-tokens.ts';
import { appendEvents } from './statements/append-events.ts';
import { applyChanges } from './statements/apply-changes.ts';
import { applyDirectory } from './statements/apply-directory.ts';
import {
  appendAudit,
  auditAfter,
  auditHead,
  auditRecords,
  countAuditRecords,
  patientsOfAppointments,
} from './statements/audit.ts';
import { awaitedFeeds, awaitedTime, calendarsSeen, withheldTime } from './statements/awaited-time.ts';
import { changesAfter, eraseChanges, listen, mendPositions } from './statements/changes.ts';
import { claimListings, findListing } from './statements/claim-listings.ts';
import { claimSlot } from './statements/claim-slot.ts';
import { confirmBooking } from './statements/confirm-booking.ts';
import { forgetSamples, sampleConnections } from './statements/connection-samples.ts';
import {
  connectionState,
  connectionSummaries,
  connectionsDue,
  moveOpenUntil,
  pauseConnection,
  recordConnection,
} from './statements/connections.ts';
import { addDataKey, beginKeys, dataKeys, rewrapDataKey } from './statements/data-keys.ts';
import { slotsDiffering } from './statements/differ-slots.ts';
import { erasePatients, eraseRaw, forgetComments, rejectedRaw } from './statements/erase-patients.ts';
import { expiredHolds, now, takeOverdueHolds } from './statements/expired-holds.ts';
import {
  acceptAbsence,
  claimFeed,
  confirmFeeds,
  endLeases,
  feedsDue,
  findFeed,
  hastenFeeds,
  listFeeds,
  recordFeed,
  releaseFeed,
  renewFeed,
  suspectFeed,
} from './statements/feeds.ts';
import { busyByIds, busyOverlapping } from './statements/find-busy.ts';
import { conflictById, conflictsOf, isGivenUp } from './statements/find-conflicts.ts';
import {
  listingsAwaited,
  listingsByExternalId,
  listingsBySubject,
  listingsOfOurs,
  listingsShown,
} from './statements/find-listings.ts';
import { sealedPatient } from './statements/find-patient.ts';
import { slotDetails } from './statements/find-slot.ts';
import { forgetVersions } from './statements/forget-versions.ts';
import { giveReason } from './statements/give-reason.ts';
import { heldBack, holdBack } from './statements/hold-back.ts';
import { incidents, writeIncident } from './statements/incidents.ts';
import { forgetPatients } from './statements/keep-patients.ts';
import { keepResources } from './statements/keep-resources.ts';
import { rejectedRecords } from './statements/list-rejected.ts';
import { lockActors } from './statements/lock-actors.ts';
import {
  limitedOfferings,
  offeredSchedule,
  offeredSchedules,
  scheduleVersion,
  writeOffering,
} from './statements/offerings.ts';
import { offersOverlapping } from './statements/overlap-offers.ts';
import { passConflicts } from './statements/pass-conflicts.ts';
import {
  leaseListing,
  recordFailure,
  recordKnown,
  releaseListing,
  renewListings,
} from './statements/record-known.ts';
import { forgetMended, recordRejected } from './statements/record-rejected.ts';
import { hashedOtherwise, rehash } from './statements/rehash-patients.ts';
import { removeSlots } from './statements/remove-slots.ts';
import {
  destroyDataKey,
  reseal,
  sealedByPrefix,
  sealedOtherwise,
  someSealed,
} from './statements/sealed-values.ts';
import {
  claimSubscriptions,
  endClaims,
  endSubscriptions,
  failSubscription,
  passSubscription,
  releaseSubscription,
} from './statements/serve-subscriptions.ts';
import { settlePast } from './statements/settle-past.ts';
import { forgetShifts, rosterReading, rosterWriting, schedulesUnsupplied } from './statements/shifts.ts';
import { slotsShown } from './statements/show-slots.ts';
import {
  activateSubscriptions,
  addSubscription,
  changeSubscription,
  removeSubscription,
  subscription,
  subscriptionFigures,
  subscriptions,
} from './statements/subscriptions.ts';
import {
  askTask,
  claimEscalations,
  closedBeside,
  dropTasks,
  endTask,
  forgetTasks,
  isFoundTaken,
  lockTask,
  recordEscalated,
  recordNotEscalated,
  releaseTask,
  reopenTask,
} from './statements/tasks.ts';
import { forgetTold, namedAhead, tellGone, toldGone } from './statements/tell-gone.ts';
import { unlinkedBlocks, unlinkedSlots } from './statements/unlinked.ts';
import { passIdentifiers } from './statements/write-appointments.ts';
import { insertSlots, writeSlots } from './statements/write-slots.ts';

const ATTEMPTS_MAX = 5;

/** The engine's store and the front's reader on one database: each method is the statement of its name. */
export function createStore(
  database: Database,
): Store &
  Readers &
  SubscriptionStore &
  VersionKeeper &
  PatientKeeper &
  ApiTokenStore &
  AssertionStore &
  KeyStore &
  AuditStore &
  IncidentStore &
  RosterKeeper &
  HistoryKeeper {
  const bound = bind(database, {
    claimListings,
    listing: findListing,
    listingsOfOurs,
    recordKnown,
    recordFailure,
    connectionsDue,
    claimFeed,
    confirmFeeds,
    recordFeed,
    acceptAbsence,
    releaseFeed,
    renewFeed,
    hastenFeeds,
    endLeases,
    feed: findFeed,
    feeds: listFeeds,
    feedsDue,
    slotDetails,
    sealedPatient,
    connectionState,
    recordConnection,
    moveOpenUntil,
    pauseConnection,
    sampleConnections,
    connectionSummaries,
    recordRejected,
    rejectedRecords,
    forgetMended,
    offersAmiss,
    awaitedTime,
    awaitedFeeds,
    withheldTime,
    unlinkedSlots,
    unlinkedBlocks,
    offeredSchedules,
    schedulesUnsupplied,
    forgetHanded,
    settlePast,
    expiredHolds,
    takeOverdueHolds,
    renewListings,
    releaseListing,
    askTask,
    closedBeside,
    isFoundTaken,
    dropTasks,
    claimEscalations,
    recordEscalated,
    recordNotEscalated,
    forgetTasks,
    forgetSamples,

    now,
    appendEvents,

    forgetVersions,
    forgetShifts,

    forgetPatients,
    forgetComments,
    rejectedRaw,
    eraseRaw,

    addApiToken,
    apiTokens,
    apiTokenByHash,
    revokeApiToken,
    apiTokenUsed,
    useAssertion,
    dataKeys,
    addDataKey,
    rewrapDataKey,
    destroyDataKey,
    someSealed,
    sealedByPrefix,
    sealedOtherwise,
    hashedOtherwise,

    appendAudit,
    auditHead,
    auditAfter,
    auditRecords,
    countAuditRecords,
    patientsOfAppointments,
    incidents,
    writeIncident,

    subscriptions,
    subscription,
    addSubscription,
    changeSubscription,
    removeSubscription,
    activateSubscriptions,
    changesAfter,
    claimSubscriptions,
    passSubscription,
    failSubscription,
    releaseSubscription,
    endSubscriptions,
    listen,
    eraseChanges,
    mendPositions,
    endClaims,
    subscriptionFigures,
  });
  return {
    ...createReaders(database),
    ...bound,
    claimSlot: (claim, at) => again(() => claimSlot(database, claim, at)),
    confirmBooking: (confirmation, at) => again(() => confirmBooking(database, confirmation, at)),
    applyDirectory: (entries, feeds) => applyDirectory(database, entries, feeds),
    erasePatients: (ids) => again(() => erasePatients(database, ids)),
    beginKeys: (keys, at) => beginKeys(database, keys, at),
    reseal: (as, rows) => again(() => reseal(database, as, rows)),
    rehash: (patient, hash, at) => again(() => rehash(database, patient, hash, at)),
    keepResources: (resources, at) => keepResources(database, resources, at),
    transaction: (work) =>
      again(() =>
        database.transaction((on) =>
          work(
            bind(on, {
              lockActors,
              listingsByExternalId,
              listingsBySubject,
              listingsShown,
              listingsAwaited,
              busyByIds,
              busyOverlapping,
              conflictsOf,
              conflictById,
              isGivenUp,
              passConflicts,
              slotsDiffering,
              writeSlots,
              insertSlots,
              removeSlots,
              slotsShown,
              heldBack,
              holdBack,
              feed: findFeed,
              suspectFeed,
              namedAhead,
              tellGone,
              toldGone,
              forgetTold,
              agendaSlots,
              limitedOfferings,
              offeredSchedule,
              scheduleVersion,
              writeOffering,
              ...rosterReading,
              ...rosterWriting,
              offersOverlapping,
              apply: applyChanges,
              markSlots,
              handedUnits,
              handUnits,
              calendarsSeen,
              claimSlot,
              confirmBooking,
              passIdentifiers,
              giveReason,
              recordKnown,
              leaseListing,
              lockTask,
              endTask,
              reopenTask,
              releaseTask,
              tell: appendEvents,
              releaseListing,
            }),
          ),
        ),
      ),
    close: () => database.close(),
  };
}

/** Runs the work again on a fresh view when it lost a race; each time it decides anew. */
async function again<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt >= ATTEMPTS_MAX || !isRetryable(error)) throw error;
    }
  }
}
