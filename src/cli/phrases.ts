import type { Absence } from '../domain/absence.ts';
import type { BusyKind } from '../domain/busy.ts';
import type { HowEnded, Resolution } from '../domain/conflict.ts';
import type { Language } from './language.ts';

/** The sentences of the narration, in both languages. `on` and `from` are names of platforms, `when` a day and times. */
export type Phrases = {
  /** Our own interface, where a booking was made through it. */
  readonly ourselves: string;
  readonly observed: (kind: BusyKind, on: string, when: string) => string;
  readonly moved: (kind: BusyKind, on: string, when: string) => string;
  readonly ended: (kind: BusyKind, on: string, when: string) => string;
  readonly claimed: (when: string) => string;
  readonly held: (when: string) => string;
  readonly booked: (on: string, when: string) => string;
  readonly accepted: (on: string, when: string) => string;
  readonly refused: (on: string, when: string) => string;
  readonly cancelled: (on: string, when: string) => string;
  readonly rescheduled: (on: string, when: string) => string;
  /** Its practitioner has no shift then any more. */
  readonly unsupplied: (on: string, when: string) => string;
  /** Of a roster: moved to that time, or withdrawn. */
  readonly shift: (isMoved: boolean, when: string) => string;
  readonly conflict: (on: string, when: string) => string;
  readonly conflictEnded: (how: HowEnded, when: string) => string;
  readonly conflictResolved: (resolution: Resolution, by: string, when: string) => string;
  readonly slot: (when: string) => string;
  readonly closed: (on: string, lag: string) => string;
  readonly reopened: (on: string, lag: string) => string;
  readonly published: (on: string, lag: string) => string;
  readonly withdrawn: (from: string, lag: string) => string;
  readonly withheld: (on: string, lag: string) => string;
  readonly restored: (on: string, lag: string) => string;
  readonly down: (reason: string | null) => string;
  readonly up: string;
  /** Slots of an agenda that is edited through our own API. */
  readonly written: (published: number, withdrawn: number) => string;
  readonly read: (slotsChanged: number, slotsRemoved: number) => string;
  /** A schedule is on offer, or not; between these two days, if they are told. */
  readonly offered: (active: boolean, from: string | null, to: string | null) => string;
  readonly rejected: (records: number) => string;
  readonly suspect: (absence: Absence, connection: string) => string;
  readonly absenceAccepted: string;
  readonly trusted: string;
  /** Of a person, at a platform that no program can write to. */
  readonly asked: (on: string, when: string) => string;
  readonly done: (by: string, on: string, when: string, late: string | null) => string;
  readonly undone: (by: string, on: string, when: string) => string;
  readonly foundTaken: (by: string, on: string, when: string) => string;
  readonly escalated: (tasks: number) => string;
  readonly notEscalated: (tasks: number) => string;
};

const english: Phrases = {
  ourselves: 'Passerelle',
  observed: (kind, on, when) =>
    `${{ appointment: 'booked', hold: 'held', block: 'blocked' }[kind]} on ${on} ${when}`,
  moved: (kind, on, when) =>
    `${{ appointment: 'booking', hold: 'hold', block: 'block' }[kind]} moved on ${on} to ${when}`,
  ended: (kind, on, when) =>
    `${{ appointment: 'cancelled', hold: 'released', block: 'unblocked' }[kind]} on ${on} ${when}`,
  claimed: (when) => `asked for through Passerelle ${when}`,
  held: (when) => `held through Passerelle ${when}`,
  booked: (on, when) => `booked through Passerelle, confirmed by ${on} ${when}`,
  accepted: (on, when) => `booked through Passerelle ${when}; ${on} is down and is told when it returns`,
  refused: (on, when) => `refused by ${on} ${when}`,
  cancelled: (on, when) => `cancelled through Passerelle on ${on} ${when}`,
  rescheduled: (on, when) => `moved through Passerelle on ${on} to ${when}`,
  unsupplied: (on, when) =>
    `BOOKED WITHOUT A SHIFT on ${on} ${when}: the roster has nobody there any more; see "passerelle roster"`,
  shift: (isMoved, when) => (isMoved ? `shift moved to ${when}` : `shift withdrawn ${when}`),
  conflict: (on, when) =>
    `CONFLICT: booked on ${on} ${when}, a time that was booked elsewhere before; both are kept, see "passerelle conflicts"`,
  conflictEnded: (how, when) =>
    `conflict over ${when}: ${
      {
        apart: 'a booking was cancelled or moved at its platform',
        passed: 'its time has passed, and nobody settled it',
      }[how]
    }`,
  conflictResolved: (resolution, by, when) =>
    `conflict settled by ${by} ${when}: ${
      {
        'keep-a': 'one booking kept, the other cancelled',
        'keep-b': 'one booking kept, the other cancelled',
        'keep-both': 'both bookings kept',
        move: 'one booking moved',
      }[resolution]
    }`,
  slot: (when) => `slot ${when}`,
  closed: (on, lag) => `closed on ${on} in ${lag}`,
  reopened: (on, lag) => `reopened on ${on} in ${lag}`,
  published: (on, lag) => `published on ${on} in ${lag}`,
  withdrawn: (from, lag) => `withdrawn from ${from} in ${lag}`,
  withheld: (on, lag) => `not on sale, closed on ${on} in ${lag}`,
  restored: (on, lag) => `opened on ${on} in ${lag}`,
  down: (reason) => `is DOWN${reason === null ? '' : `: ${reason}`}`,
  up: 'is back',
  written: (published, withdrawn) => `written: ${published} slots new or changed, ${withdrawn} withdrawn`,
  read: (changed, removed) => `read: ${changed} slots new or changed, ${removed} gone`,
  offered: (active, from, to) =>
    active
      ? `on offer${from === null ? '' : ` from ${from}`}${to === null ? '' : ` until ${to}`}`
      : 'taken off offer: nothing of it may be booked',
  rejected: (records) => `${records} records could not be read and were set aside`,
  suspect: ({ slots, busy, shifts }, connection) =>
    `is SUSPECT: ${
      shifts
        ? `${shifts.missing} of ${shifts.known} shifts`
        : `${slots.missing} of ${slots.known} slots and ${busy.missing} of ${busy.known} busy periods`
    } are missing at once; nothing is taken for gone until they are back, or "passerelle confirm ${connection}"`,
  absenceAccepted: 'what is missing is confirmed as gone, and will be taken so when it is read',
  trusted: 'is suspect no more',
  asked: (on, when) => `a person is asked to do it on ${on} ${when}`,
  done: (by, on, when, late) => `done on ${on} by ${by} ${when}${late === null ? '' : `, ${late} late`}`,
  undone: (by, on, when) => `not done on ${on} after all, says ${by} ${when}`,
  foundTaken: (by, on, when) => `taken on ${on} already, says ${by} ${when}`,
  escalated: (tasks) => `${tasks} ${tasks === 1 ? 'task' : 'tasks'} overdue: people were told by mail`,
  notEscalated: (tasks) =>
    `${tasks} ${tasks === 1 ? 'task' : 'tasks'} overdue, and the mail that says so could not be sent; it is tried again`,
};

const french: Phrases = {
  ourselves: 'Passerelle',
  observed: (kind, on, when) =>
    `${{ appointment: 'réservé', hold: 'retenu', block: 'bloqué' }[kind]} sur ${on} ${when}`,
  moved: (kind, on, when) =>
    `${{ appointment: 'réservation déplacée', hold: 'retenue déplacée', block: 'blocage déplacé' }[kind]} sur ${on} : ${when}`,
  ended: (kind, on, when) =>
    `${{ appointment: 'annulé', hold: 'relâché', block: 'débloqué' }[kind]} sur ${on} ${when}`,
  claimed: (when) => `demandé par Passerelle ${when}`,
  held: (when) => `retenu par Passerelle ${when}`,
  booked: (on, when) => `réservé par Passerelle, confirmé par ${on} ${when}`,
  accepted: (on, when) => `réservé par Passerelle ${when} ; ${on} est en panne et le saura à son retour`,
  refused: (on, when) => `refusé par ${on} ${when}`,
  cancelled: (on, when) => `annulé par Passerelle sur ${on} ${when}`,
  rescheduled: (on, when) => `déplacé par Passerelle sur ${on} : ${when}`,
  unsupplied: (on, when) =>
    `RÉSERVÉ SANS QUART sur ${on} ${when} : l’horaire de garde n’y a plus personne ; voir « passerelle roster »`,
  shift: (isMoved, when) => (isMoved ? `quart déplacé : ${when}` : `quart retiré ${when}`),
  conflict: (on, when) =>
    `CONFLIT : réservé sur ${on} ${when}, déjà réservé ailleurs ; les deux sont gardés, voir « passerelle conflicts »`,
  conflictEnded: (how, when) =>
    `conflit terminé ${when} : ${
      {
        apart: 'une réservation a été annulée ou déplacée sur sa plateforme',
        passed: 'l’heure est passée sans que personne l’ait réglé',
      }[how]
    }`,
  conflictResolved: (resolution, by, when) =>
    `conflit réglé par ${by} ${when} : ${
      {
        'keep-a': 'une réservation gardée, l’autre annulée',
        'keep-b': 'une réservation gardée, l’autre annulée',
        'keep-both': 'les deux réservations gardées',
        move: 'une réservation déplacée',
      }[resolution]
    }`,
  slot: (when) => `plage ${when}`,
  closed: (on, lag) => `fermé sur ${on} en ${lag}`,
  reopened: (on, lag) => `rouvert sur ${on} en ${lag}`,
  published: (on, lag) => `publié sur ${on} en ${lag}`,
  withdrawn: (from, lag) => `retiré de ${from} en ${lag}`,
  withheld: (on, lag) => `hors vente, fermé sur ${on} en ${lag}`,
  restored: (on, lag) => `ouvert sur ${on} en ${lag}`,
  down: (reason) => `est EN PANNE${reason === null ? '' : ` : ${reason}`}`,
  up: 'est de retour',
  written: (published, withdrawn) =>
    `écrit : ${published} plages nouvelles ou changées, ${withdrawn} retirées`,
  read: (changed, removed) => `lu : ${changed} plages nouvelles ou changées, ${removed} disparues`,
  offered: (active, from, to) =>
    active
      ? `offert${from === null ? '' : ` à partir du ${from}`}${to === null ? '' : ` jusqu’au ${to}`}`
      : 'retiré de l’offre : rien n’en est réservable',
  rejected: (records) => `${records} enregistrements illisibles mis de côté`,
  suspect: ({ slots, busy, shifts }, connection) =>
    `est SUSPECT : ${
      shifts
        ? `${shifts.missing} quarts sur ${shifts.known}`
        : `${slots.missing} plages sur ${slots.known} et ${busy.missing} périodes occupées sur ${busy.known}`
    } manquent d’un coup ; rien n’est tenu pour disparu avant leur retour, ou « passerelle confirm ${connection} »`,
  absenceAccepted: 'ce qui manque est confirmé comme disparu, et le sera à la prochaine lecture',
  trusted: 'n’est plus suspect',
  asked: (on, when) => `à faire par une personne sur ${on} ${when}`,
  done: (by, on, when, late) =>
    `fait sur ${on} par ${by} ${when}${late === null ? '' : `, en retard de ${late}`}`,
  undone: (by, on, when) => `pas fait sur ${on} en fin de compte, dit ${by} ${when}`,
  foundTaken: (by, on, when) => `déjà pris sur ${on}, dit ${by} ${when}`,
  escalated: (tasks) =>
    `${tasks} ${tasks === 1 ? 'tâche' : 'tâches'} en retard : des personnes en ont été averties par courriel`,
  notEscalated: (tasks) =>
    `${tasks} ${tasks === 1 ? 'tâche' : 'tâches'} en retard, et le courriel qui le dit n’a pu être envoyé; on réessaie`,
};

export const PHRASES: Record<Language, Phrases> = { en: english, fr: french };
