import type { Bilingual } from '../domain/schedule.ts';
import type { HowTaskEnded } from '../domain/task.ts';
import type { Task } from './ports/tasks.ts';

/** Why the engine does not do what was asked, for whoever asked. `at` is the connection's id. No patient in any of them. */

type Reason = (at: string) => Bilingual;

/** A reason, and what follows from it. */
export const followed = (reason: Bilingual, next: Bilingual): Bilingual => ({
  fr: `${reason.fr}; ${next.fr}`,
  en: `${reason.en}; ${next.en}`,
});

export const STILL_HELD: Bilingual = { fr: 'la plage reste retenue', en: 'it is still held' };
export const NOTHING_MOVED: Bilingual = { fr: 'rien n’a donc été déplacé', en: 'so nothing was moved' };

export const takesNoBookings: Reason = (at) => ({
  fr: `${at} n’accepte aucune réservation de l’extérieur`,
  en: `${at} takes no bookings from outside`,
});

export const takesNoCancellations: Reason = (at) => ({
  fr: `${at} n’accepte aucune annulation de l’extérieur`,
  en: `${at} takes no cancellations from outside`,
});

export const cancelByHand: Reason = (at) => ({
  fr: `${takesNoCancellations(at).fr} : annulez-y le rendez-vous à la main, et le conflit se termine de lui-même dès que c’est lu`,
  en: `${takesNoCancellations(at).en}: cancel the booking there by hand, and the conflict ends by itself once that is read`,
});

export const holdLookedAt: Reason = (at) => ({
  fr: `ce qui est retenu chez ${at} est en cours de vérification`,
  en: `what is held at ${at} is being looked at this moment`,
});

export const answerLost: Reason = (at) => ({
  fr: `la réponse de ${at} s’est perdue`,
  en: `the answer of ${at} was lost`,
});

export const deliveryFindsOut: Reason = (at) => ({
  fr: `la réponse de ${at} s’est perdue; on vérifie si la réservation y a été prise`,
  en: `the answer of ${at} was lost; delivery finds out whether it took the booking`,
});

export const writtenLater: Reason = (at) => ({
  fr: `${at} en sera avisée à son retour`,
  en: `${at} is written to when it returns`,
});

export const isPaused: Reason = (at) => ({ fr: `${at} est en pause`, en: `${at} is paused` });

/** @param since with the offset of the place */
export const silentSince = (at: string, since: string): Bilingual => ({
  fr: `${at} ne répond pas depuis ${since}`,
  en: `${at} has not answered since ${since}`,
});

export const acceptedFor = (state: Bilingual, hours: number): Bilingual => ({
  fr: `${state.fr}, et on n’accepte en son nom que pendant ${hours} h`,
  en: `${state.en}, and bookings are accepted on its behalf for ${hours} h only`,
});

export const startsTooSoon = (state: Bilingual, hours: number): Bilingual => ({
  fr: `${state.fr}, et rien de ce qui commence d’ici ${hours} h n’est accepté en son nom`,
  en: `${state.en}, and nothing that starts within ${hours} h is accepted on its behalf`,
});

export const isDown: Reason = (at) => ({
  fr: `${at} est en panne ou en pause`,
  en: `${at} is down or paused`,
});

export const gaveNoAnswer: Reason = (at) => ({ fr: `${at} n’a pas répondu`, en: `${at} did not answer` });

export const TAKEN_MEANWHILE: Bilingual = {
  fr: 'elle a été prise entre-temps : choisissez-en une autre',
  en: 'it was taken meanwhile: choose another',
};

export const NOT_OFFERED: Bilingual = {
  fr: 'son horaire n’est pas offert à cette heure : voyez les propositions',
  en: 'its schedule is not on offer at that time: see the proposals',
};

export const NOT_RELEASED: Bilingual = {
  fr: 'la plage n’est pas encore offerte : voyez les propositions',
  en: 'the slot may not be booked yet: see the proposals',
};

export const OF_SOMEBODY_ELSE: Bilingual = {
  fr: 'la plage est à quelqu’un d’autre : voyez les propositions de GET /api/conflicts/<id>',
  en: 'the slot is of somebody else: see the proposals of GET /api/conflicts/<id>',
};

export const HAS_BEGUN: Bilingual = { fr: 'la plage est commencée', en: 'the slot has begun' };

export const TOO_SHORT: Bilingual = {
  fr: 'la plage est trop courte pour le rendez-vous',
  en: 'the slot is too short for the booking',
};

export const isGone: Reason = (at) => ({
  fr: `le rendez-vous n’est plus chez ${at}; on relit, et le conflit se termine de lui-même`,
  en: `the booking is not on ${at} any more; it is read again, and the conflict ends by itself`,
});

export const refusedMove: Reason = (at) => ({
  fr:
    `${at} a refusé : cette heure y a été prise entre-temps, ou le rendez-vous n’est plus comme il a été lu, ou il ne ` +
    'peut y être déplacé. Rien n’a changé. On relit : regardez de nouveau, ou choisissez une autre plage',
  en:
    `${at} refused: that time was taken there meanwhile, or the booking is not as it was read, or one that ` +
    'it cannot move. Nothing has changed. It is read again: look again, or choose another',
});

export const moveUnknown: Reason = (at) => ({
  fr:
    `la réponse de ${at} s’est perdue, et la nouvelle heure n’y paraît pas; rien n’est répété de soi-même. ` +
    'Si le rendez-vous a tout de même été déplacé, le conflit se termine de lui-même; s’il est encore ouvert dans deux minutes, recommencez',
  en:
    `the answer of ${at} was lost, and it does not show the new time; nothing is repeated by itself. ` +
    'If it was moved all the same, the conflict ends by itself; if it is open in two minutes, say it again',
});

export const moveByHand: Reason = (at) => ({
  fr: `${at} ne déplace aucun rendez-vous de l’extérieur : déplacez-le là-bas à la main, et le conflit se termine de lui-même dès que c’est lu`,
  en: `${at} moves no bookings from outside: move it there by hand, and the conflict ends by itself once that is read`,
});

/** Of a move through our own API. */
export const NOT_BOOKED: Bilingual = {
  fr: 'il n’est pas réservé, donc rien n’est à déplacer : réservez la nouvelle plage',
  en: 'it is not booked, so there is nothing to move: book the new slot',
};

export const ONLY_HELD: Bilingual = {
  fr: 'il est seulement retenu : libérez-le et retenez la nouvelle plage, ou réservez-le d’abord',
  en: 'it is only held: release it and hold the new slot, or book it first',
};

export const BEING_BOOKED: Bilingual = {
  fr: 'sa plateforme ne l’a pas encore confirmé : réessayez plus tard, ou annulez et réservez de nouveau',
  en: 'its platform has not confirmed it yet: try again later, or cancel and book anew',
};

export const movesNothing: Reason = (at) => ({
  fr: `${at} ne déplace aucun rendez-vous de l’extérieur : annulez et réservez de nouveau`,
  en: `${at} moves no bookings from outside: cancel and book anew`,
});

export const movesWithin: Reason = (at) => ({
  fr: `${at} ne déplace un rendez-vous que dans son propre agenda : choisissez-y une plage, ou annulez et réservez de nouveau`,
  en: `${at} moves the booking on its own agenda only: choose a slot of that, or cancel and book anew`,
});

export const isNoMoreAt: Reason = (at) => ({
  fr: `le rendez-vous n’est plus chez ${at}; on relit, et il paraîtra annulé si c’est bien le cas`,
  en: `the booking is not on ${at} any more; it is read again, and is shown as cancelled if that is so`,
});

export const newTimeUnknown: Reason = (at) => ({
  fr:
    `la réponse de ${at} s’est perdue, et la nouvelle heure n’y paraît pas; rien n’est répété de soi-même. Relisez le ` +
    'rendez-vous dans deux minutes : il dit son heure, et s’il n’a pas été déplacé, recommencez',
  en:
    `the answer of ${at} was lost, and it does not show the new time; nothing is repeated by itself. Read the ` +
    'appointment in two minutes: it says its time, and if it was not moved, ask again',
});

/** @param keep how the conflict is to be settled then */
export const movesOnItsOwn = (at: string, keep: string): Bilingual => ({
  fr:
    `seule ${at} sait qui vient, et elle ne déplace un rendez-vous que dans son propre agenda : choisissez-y une plage; ou ` +
    byHand(keep).fr,
  en:
    `who comes is known to ${at} only, and it moves the booking on its own agenda only: choose a slot of that; or ` +
    byHand(keep).en,
});

/** @param at null = a platform that is not named */
export const patientUnknown = (at: string | null, keep: string): Bilingual => ({
  fr: `seule ${at ?? 'sa plateforme'} sait qui vient : ${byHand(keep).fr}`,
  en: `who comes is known to ${at ?? 'its platform'} only: ${byHand(keep).en}`,
});

const byHand = (keep: string): Bilingual => ({
  fr: `demandez au patient, réservez-lui la nouvelle heure (là-bas, ou par POST /fhir/Appointment), puis réglez ceci par ${keep}`,
  en: `ask the patient, book the new time for them (there, or by POST /fhir/Appointment), and then settle this as ${keep}`,
});

export const editedAt = (title: Bilingual): Bilingual => ({
  fr: `les plages de cet agenda se modifient chez ${title.fr}, et sont lues là`,
  en: `slots of this agenda are edited at ${title.en}, and read from there`,
});

export const editedNowhere: Bilingual = {
  fr: 'cet horaire n’a pas d’agenda d’ici : une connexion « platform: agenda » lui en donne un (configuration)',
  en: 'this schedule has no agenda here: a connection "platform: agenda" gives it one (configuration)',
};

export const IS_OVER: Bilingual = { fr: 'c’est terminé', en: 'it is over' };
export const HELD_THERE: Bilingual = {
  fr: 'sa plateforme le retient pour quelqu’un : cela finit là-bas, de soi-même',
  en: 'its platform holds it for somebody: that ends there, by itself',
};
export const NOT_MOVED: Bilingual = {
  fr: 'une absence ne se déplace pas : enlevez-la et mettez-en une autre',
  en: 'closed time is not moved: open it and close another',
};
/** @param since with the offset of the place; null = its schedule is configured no more */
export const tooLate = (since: string | null): Bilingual => ({
  fr: `trop tard, selon la règle de son horaire${since === null ? '' : ` : c’était possible jusqu’à ${since}`}`,
  en: `too late, by the rule of its schedule${since === null ? '' : `: it was possible until ${since}`}`,
});

/** Of an appointment that a platform has. */
export const standsAt: Reason = (at) => ({
  fr: `${at} a ce rendez-vous : déplacez-le vers une autre plage (PUT /fhir/Appointment/<id>)`,
  en: `${at} has this appointment: move it to another slot (PUT /fhir/Appointment/<id>)`,
});
/** Of one that no platform has. */
export const STANDS_HERE: Bilingual = {
  fr: 'il n’est qu’ici, à aucune plateforme : déplacez-le par POST /api/appointments/<id>/move',
  en: 'it stands here only, at no platform: move it by POST /api/appointments/<id>/move',
};

const HOW_ENDED = {
  done: { fr: 'elle a été faite', en: 'it was done' },
  taken: { fr: 'le temps y était déjà pris par un patient', en: 'a patient had that time there already' },
  seen: { fr: 'une liste la montre faite', en: 'a list shows it as done' },
  withdrawn: { fr: 'elle n’est plus voulue', en: 'it is not wanted any more' },
  passed: { fr: 'son heure est passée', en: 'its time has passed' },
} as const satisfies Record<HowTaskEnded, Bilingual>;

export const taskEnded = ({ how, by }: NonNullable<Task['ended']>): Bilingual => ({
  fr: `cette tâche n’est plus à faire : ${HOW_ENDED[how].fr}${by === null ? '' : `, dit ${by}`}`,
  en: `this task is not to be done any more: ${HOW_ENDED[how].en}${by === null ? '' : `, says ${by}`}`,
});

export const NOT_TICKED: Bilingual = {
  fr: 'personne n’a coché cette tâche, il n’y a donc rien à décocher',
  en: 'nobody ticked this task, so there is nothing to take back',
};
export const TICK_TOO_OLD: Bilingual = {
  fr: 'elle a été cochée il y a plus d’un jour, ou son heure est passée : importez une liste de ce qui y est',
  en: 'it was ticked more than a day ago, or its time has passed: import a list of what stands there',
};
export const HAS_CHANGED_SINCE: Bilingual = {
  fr: 'autre chose y est voulu depuis : voyez les tâches ouvertes',
  en: 'something else is wanted there since: see the tasks that are open',
};
export const TAKEN_IS_CANCELLED: Bilingual = {
  fr: 'c’est justement ce rendez-vous qui est à annuler',
  en: 'it is that very appointment that is to be cancelled',
};

export const takesNoLists: Reason = (at) => ({
  fr: `${at} se lit par programme : aucune liste n’y est prise`,
  en: `${at} is read by program: no list of it is taken`,
});
export const unknownCalendar: Reason = (at) => ({
  fr: `${at} n’a pas d’agenda de cet id`,
  en: `${at} has no calendar with this id`,
});
export const beingRead: Reason = (at) => ({
  fr: `${at} est en train d’être lu, ou en pause : réessayez`,
  en: `${at} is being read at this moment, or paused: try again`,
});
export const LIST_FROM_AHEAD: Bilingual = {
  fr: 'seenAt : l’heure n’est pas encore venue',
  en: 'seenAt: that time is still to come',
};
export const LIST_TOO_OLD: Bilingual = {
  fr: 'seenAt : il y a plus de sept jours, trop pour savoir ce qui y est',
  en: 'seenAt: more than seven days ago, which says nothing of what stands there now',
};
export const NO_SUCH_DAY: Bilingual = {
  fr: 'from et to : des jours comme 2026-11-24',
  en: 'from and to: days such as 2026-11-24',
};
export const NO_DAYS: Bilingual = {
  fr: 'une liste complète dit de quels jours, dans l’ordre : from et to, si elle n’a pas de ligne',
  en: 'a list that is complete says of which days, in order: from and to, where it has no line',
};
