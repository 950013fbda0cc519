import type { Capabilities, OperationName } from '../adapter/contract.ts';
import type { Bilingual } from '../domain/schedule.ts';

/** What an adapter declares, in the words of a clinic. */

type Saying = { readonly capability: string; readonly declared: string; readonly says: Bilingual };

const PULL: Readonly<Record<Capabilities['pull'], Bilingual>> = {
  snapshot: { fr: 'chaque lecture est complète', en: 'each reading is whole' },
  delta: {
    fr: 'après une première lecture complète, seulement ce qui a changé',
    en: 'after a first whole reading, only what has changed',
  },
  none: {
    fr: 'elle ne peut pas être lue : elle dit elle-même ce qui se passe',
    en: 'it cannot be read: it says by itself what happens',
  },
};
const FEED: Readonly<Record<Capabilities['feed'], Bilingual>> = {
  connection: {
    fr: 'tous les agendas se lisent ensemble',
    en: 'all calendars are read together',
  },
  calendar: { fr: 'chaque agenda se lit séparément', en: 'each calendar is read by itself' },
};
const WEBHOOK: Readonly<Record<Exclude<Capabilities['webhook'], 'none'>, Bilingual>> = {
  hint: {
    fr: 'elle avertit d’un changement, et on relit aussitôt',
    en: 'it tells that something changed, and is read at once',
  },
  payload: { fr: 'elle dit aussitôt ce qui a changé', en: 'it tells at once what has changed' },
};
const IDEMPOTENCY: Readonly<Record<Exclude<Capabilities['idempotency'], 'none'>, Bilingual>> = {
  key: {
    fr: 'une demande répétée n’y est faite qu’une fois',
    en: 'what is asked twice is made once',
  },
  lookup: {
    fr: 'quand une réponse se perd, on regarde ce qui y est avant de redemander',
    en: 'where an answer is lost, we look at what stands there before asking again',
  },
};
const WRITES: Readonly<Record<NonNullable<Capabilities['writes']>, Bilingual>> = {
  done: { fr: 'ce qui y est écrit est fait aussitôt', en: 'what is written there is made at once' },
  asked: {
    fr: 'une personne y fait ce que Passerelle lui demande',
    en: 'a person makes there what Passerelle asks for',
  },
};
const OPERATIONS: Readonly<Record<OperationName, Bilingual>> = {
  publish: { fr: 'y offrir des plages', en: 'offer slots there' },
  withdraw: { fr: 'y retirer des plages', en: 'withdraw slots there' },
  block: { fr: 'y fermer du temps', en: 'close time there' },
  unblock: { fr: 'y rouvrir du temps', en: 'open time again there' },
  hold: { fr: 'y retenir une plage pendant qu’on réserve', en: 'hold a slot there while somebody books' },
  release: { fr: 'y libérer une plage retenue', en: 'release a slot that is held there' },
  book: { fr: 'y réserver', en: 'book there' },
  cancel: { fr: 'y annuler', en: 'cancel there' },
  move: { fr: 'y déplacer un rendez-vous', en: 'move an appointment there' },
};
const HERE: Bilingual = { fr: 'son agenda est dans Passerelle', en: 'its agenda is in Passerelle' };
const CONDITIONAL: Bilingual = {
  fr: 'n’écrase pas ce qui y a changé entre-temps',
  en: 'does not overwrite what has changed there meanwhile',
};
const LISTS: Bilingual = {
  fr: 'une liste copiée de son écran peut être lue',
  en: 'a list that is copied from its screen can be read',
};
const SHIFTS: Bilingual = {
  fr: 'dit quand les médecins travaillent; on n’y écrit rien',
  en: 'says when doctors work; nothing is written there',
};

const CALENDARS: Bilingual = {
  fr: 'dit quels agendas elle a : on les choisit dans une liste',
  en: 'says which calendars it has: they are chosen from a list',
};

/** In the order of the contract, under the names that the conformance report has. */
export function sayingsOf(capabilities: Capabilities): readonly Saying[] {
  const { agenda, pull, feed, webhook, idempotency, conditionalWrite, writes, lists, shifts, calendars } =
    capabilities;
  const say = (capability: string, declared: string, says: Bilingual): Saying => ({
    capability,
    declared,
    says,
  });
  return [
    ...(agenda === 'here' ? [say('editedHere', 'yes', HERE)] : []),
    say('pull', pull, PULL[pull]),
    say('feed', feed, FEED[feed]),
    ...(lists ? [say('lists', 'yes', LISTS)] : []),
    ...(writes === undefined ? [] : [say('writes', writes, WRITES[writes])]),
    ...(webhook === 'none' ? [] : [say('webhook', webhook, WEBHOOK[webhook])]),
    ...(idempotency === 'none' ? [] : [say('idempotency', idempotency, IDEMPOTENCY[idempotency])]),
    ...(conditionalWrite ? [say('conditionalWrite', 'yes', CONDITIONAL)] : []),
    ...(shifts ? [say('shifts', 'yes', SHIFTS)] : []),
    ...(calendars ? [say('calendars', 'yes', CALENDARS)] : []),
    ...capabilities.operations.map((name) => say(name, 'yes', OPERATIONS[name])),
  ];
}
