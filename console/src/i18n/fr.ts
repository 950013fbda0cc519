import { agenda } from './fr/agenda.ts';
import { connect } from './fr/connect.ts';
import { connections } from './fr/connections.ts';
import { form } from './fr/form.ts';
import { outage } from './fr/outage.ts';
import { policies } from './fr/policies.ts';
import { setUp } from './fr/set-up.ts';
import { todo } from './fr/todo.ts';

/** Everything that the console says. English has the same keys: en.ts does not compile without one of them. */
export const fr = {
  loading: 'Un instant…',
  skip: 'Aller au contenu',
  menu: 'Pages',
  close: 'Fermer',
  cancel: 'Annuler',
  again: 'Réessayer',
  undo: 'Défaire',
  notUndone: 'Ce qui a été fait n’a pas pu être défait.',
  account: 'Votre compte',
  signOut: 'Fermer la session',
  theme: 'Apparence : {{is}}. Passer à : {{next}}',
  themes: { system: 'comme l’appareil', light: 'claire', dark: 'sombre' },
  noAnswer: 'Passerelle ne répond pas. Vérifiez la connexion au réseau; la page réessaie d’elle-même.',
  unexpected: 'La page a rencontré une erreur inattendue. Rechargez-la.',
  noRights: 'Votre compte n’a de droits sur aucune page. Demandez-les à l’administrateur de Passerelle.',
  signedOut: {
    title: 'La session est terminée',
    text: 'Rouvrez une session dans un autre onglet, puis revenez ici : ce qui était saisi y est encore.',
    signIn: 'Ouvrir une session',
    done: 'C’est fait',
  },
  pages: {
    agenda: 'Agenda',
    todo: 'À faire',
    connections: 'Connexions',
    outage: 'Jour de panne',
    policies: 'Règles',
    connect: 'Réglage d’une connexion',
    setUp: 'Mise en route',
  },
  agenda,
  connect,
  connections,
  form,
  outage,
  policies,
  setUp,
  todo,
};

type Same<T> = { readonly [Key in keyof T]: T[Key] extends string ? string : Same<T[Key]> };
export type Words = Same<typeof fr>;
