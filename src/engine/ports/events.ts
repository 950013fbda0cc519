import type { Absence } from '../../domain/absence.ts';
import type { BusyKind } from '../../domain/busy.ts';
import type { HowEnded, Move, Resolution } from '../../domain/conflict.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Interval } from '../../domain/interval.ts';
import type { Offering } from '../../domain/offering.ts';

/**
 * What happened, for the append-only log, the terminal and, later, subscribers. No patient in any of them.
 * `lagMilliseconds` = from the change at the platform where it was made to the confirmation of this one.
 */
export type EngineEvent = { readonly at: Instant } & (
  | {
      readonly type: 'busy.observed' | 'busy.moved' | 'busy.ended';
      readonly connectionId: string | null;
      readonly busyId: string;
      readonly busyKind: BusyKind;
      readonly scheduleId: string;
      readonly interval: Interval;
    }
  | {
      readonly type:
        | 'appointment.claimed'
        /** Kept for somebody who has not booked it yet. */
        | 'appointment.held'
        | 'appointment.booked'
        /** Its platform is down, and is written to when it returns. */
        | 'appointment.accepted'
        | 'appointment.refused'
        /** Through our own API; the interval is its new time. */
        | 'appointment.moved'
        | 'appointment.cancelled'
        /** Its practitioner has no shift at that time any more: it stands, and a person is to look at it. */
        | 'appointment.unsupplied';
      readonly connectionId: string | null;
      readonly busyId: string;
      readonly scheduleId: string;
      readonly interval: Interval;
    }
  | {
      /** Of a roster; the interval is its new time, or the one that it had. */
      readonly type: 'shift.moved' | 'shift.withdrawn';
      readonly connectionId: string;
      readonly shiftId: string;
      readonly scheduleId: string;
      readonly interval: Interval;
    }
  | ({
      /** `busyId` is the booking outside of the lock, and `interval` its time. */
      readonly type: 'conflict.detected';
    } & ConflictNamed)
  | ({
      /** By itself. */
      readonly type: 'conflict.ended';
      readonly how: HowEnded;
    } & ConflictNamed)
  | ({
      readonly type: 'conflict.resolved';
      readonly resolution: Resolution;
      /** A name that the caller is known by, or `policy`. */
      readonly by: string;
      /** Null of all but a move. */
      readonly move: Move | null;
    } & ConflictNamed)
  | {
      readonly type:
        | 'listing.closed'
        | 'listing.reopened'
        | 'listing.published'
        | 'listing.withdrawn'
        /** Its time is another platform's to sell. */
        | 'listing.withheld'
        | 'listing.restored';
      readonly connectionId: string;
      /** Where the booking was made that this listing follows; null for our own API and for a slot. */
      readonly originId: string | null;
      /** Of the busy period that it follows; null of a slot. */
      readonly busyKind: BusyKind | null;
      readonly subjectId: string;
      readonly scheduleId: string;
      readonly interval: Interval;
      readonly lagMilliseconds: number;
    }
  | ({
      /** A person was asked to make something at a platform; or says that it is made, that it is not, or that a patient has the time. */
      readonly type: 'task.asked' | 'task.undone' | 'task.taken';
    } & TaskNamed)
  | ({
      readonly type: 'task.done';
      /** After its deadline; 0 = in time. */
      readonly lateMilliseconds: number;
    } & TaskNamed)
  | {
      /** People have been told by mail of tasks whose deadline has passed, or could not be. */
      readonly type: 'tasks.escalated' | 'tasks.not-escalated';
      readonly connectionId: string;
      readonly tasks: number;
    }
  | {
      readonly type: 'connection.down' | 'connection.up';
      readonly connectionId: string;
      readonly reason: string | null;
    }
  | ({
      /** So much of it is missing at once that nothing is taken for gone. */
      readonly type: 'feed.suspect';
      readonly connectionId: string;
      readonly feedId: string;
    } & Absence)
  | {
      readonly type: /** A person said that what is missing is gone. */
        | 'feed.accepted'
        /** What was missing is back, or was taken for gone after all. */
        | 'feed.cleared';
      readonly connectionId: string;
      readonly feedId: string;
    }
  | ({
      /** It is on offer from now on, or is not, or for that time only. */
      readonly type: 'schedule.offered';
      readonly connectionId: null;
      readonly scheduleId: string;
    } & Offering)
  | {
      /** Slots of an agenda that is edited here. */
      readonly type: 'agenda.written';
      readonly connectionId: string;
      readonly published: number;
      readonly withdrawn: number;
    }
  | {
      readonly type: 'feed.read';
      readonly connectionId: string;
      readonly feedId: string;
      readonly complete: boolean;
      readonly rows: number;
      readonly slotsChanged: number;
      readonly slotsRemoved: number;
      readonly rejected: number;
    }
);

type TaskNamed = {
  readonly connectionId: string;
  readonly taskId: string;
  readonly subjectId: string;
  readonly scheduleId: string;
  readonly interval: Interval;
  /** By what name whoever ticked it is known; null where nobody did. */
  readonly by: string | null;
};

type ConflictNamed = {
  readonly connectionId: string | null;
  readonly conflictId: string;
  readonly busyId: string;
  readonly withBusyId: string;
  readonly scheduleId: string;
  readonly interval: Interval;
};

/** Hears every event after it is committed. It must not throw. */
export type EventListener = (event: EngineEvent) => void;
