import { agenda } from './en/agenda.ts';
import { connect } from './en/connect.ts';
import { connections } from './en/connections.ts';
import { form } from './en/form.ts';
import { outage } from './en/outage.ts';
import { policies } from './en/policies.ts';
import { setUp } from './en/set-up.ts';
import { todo } from './en/todo.ts';
import type { Words } from './fr.ts';

export const en: Words = {
  loading: 'One moment…',
  skip: 'Skip to the content',
  menu: 'Pages',
  close: 'Close',
  cancel: 'Cancel',
  again: 'Try again',
  undo: 'Undo',
  notUndone: 'What was done could not be undone.',
  account: 'Your account',
  signOut: 'Sign out',
  theme: 'Appearance: {{is}}. Change to: {{next}}',
  themes: { system: 'as the device', light: 'light', dark: 'dark' },
  noAnswer: 'Passerelle does not answer. Check the network; the page tries again by itself.',
  unexpected: 'Something unexpected went wrong on this page. Reload it.',
  noRights: 'Your account has rights on no page. Ask the administrator of Passerelle for them.',
  signedOut: {
    title: 'The session has ended',
    text: 'Sign in again in another tab, then come back here: what was typed is still there.',
    signIn: 'Sign in',
    done: 'Done',
  },
  pages: {
    agenda: 'Agenda',
    todo: 'To do',
    connections: 'Connections',
    outage: 'Outage day',
    policies: 'Rules',
    connect: 'Settings of a connection',
    setUp: 'Set-up',
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
