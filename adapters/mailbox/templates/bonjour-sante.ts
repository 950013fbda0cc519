import type { z } from 'zod';
import type { Lines } from '../template.ts';

/**
 * Assumed: no real notice of the vendor was to be had. The words are what such a platform writes, in both languages; the
 * first real one decides.
 */

export const bonjourSanteFr: z.input<typeof Lines> = {
  id: 'bonjour-sante-fr',
  reads: 'lines',
  notices: [
    {
      kind: 'booked',
      subject: ['Nouveau rendez-vous', 'Rendez-vous confirmé', 'Confirmation de rendez-vous'],
    },
    {
      kind: 'moved',
      subject: ['Rendez-vous déplacé', 'Rendez-vous modifié', 'Modification de rendez-vous'],
      fields: { date: ['Nouvelle date', 'Date'], start: ['Nouvelle heure', 'Heure'] },
    },
    { kind: 'cancelled', subject: ['Rendez-vous annulé', 'Annulation de rendez-vous'] },
    { kind: 'other', subject: ['Rappel'] },
  ],
  fields: {
    id: ['No de confirmation', 'No. de confirmation', 'Numéro de confirmation', 'N° de confirmation'],
    calendar: ['Médecin', 'Professionnel', 'Ressource'],
    date: ['Date', 'Date et heure'],
    start: ['Heure'],
    duration: ['Durée'],
    replaces: ['Ancien no de confirmation', 'Ancien numéro de confirmation'],
  },
};

export const bonjourSanteEn: z.input<typeof Lines> = {
  id: 'bonjour-sante-en',
  reads: 'lines',
  notices: [
    { kind: 'booked', subject: ['New appointment', 'Appointment confirmed', 'Appointment confirmation'] },
    {
      kind: 'moved',
      subject: ['Appointment moved', 'Appointment changed', 'Appointment rescheduled'],
      fields: { date: ['New date', 'Date'], start: ['New time', 'Time'] },
    },
    {
      kind: 'cancelled',
      subject: ['Appointment cancelled', 'Appointment canceled', 'Cancellation of appointment'],
    },
    { kind: 'other', subject: ['Reminder'] },
  ],
  fields: {
    id: ['Confirmation number', 'Confirmation no', 'Confirmation #'],
    calendar: ['Doctor', 'Physician', 'Professional'],
    date: ['Date', 'Date and time'],
    start: ['Time'],
    duration: ['Duration', 'Length'],
    replaces: ['Previous confirmation number'],
  },
};
