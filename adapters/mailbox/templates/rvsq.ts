import type { z } from 'zod';
import type { Lines } from '../template.ts';

/** Assumed: no real notice of the RVSQ to a clinic was to be had. The first real one decides. */

export const rvsqFr: z.input<typeof Lines> = {
  id: 'rvsq-fr',
  reads: 'lines',
  notices: [
    { kind: 'booked', subject: ['RVSQ - Prise de rendez-vous', 'RVSQ - Confirmation'] },
    { kind: 'moved', subject: ['RVSQ - Modification'] },
    { kind: 'cancelled', subject: ['RVSQ - Annulation'] },
    { kind: 'other', subject: ['RVSQ - Rappel', 'RVSQ - Infolettre'] },
  ],
  fields: {
    id: ['Numéro de rendez-vous', 'No de rendez-vous'],
    calendar: ['Médecin', 'Professionnel de la santé'],
    date: ['Date du rendez-vous', 'Date et heure du rendez-vous'],
    start: ['Heure du rendez-vous', 'Heure'],
    end: ['Heure de fin'],
    duration: ['Durée'],
  },
};

export const rvsqEn: z.input<typeof Lines> = {
  id: 'rvsq-en',
  reads: 'lines',
  notices: [
    { kind: 'booked', subject: ['RVSQ - Appointment booked', 'RVSQ - Confirmation'] },
    { kind: 'moved', subject: ['RVSQ - Appointment changed'] },
    { kind: 'cancelled', subject: ['RVSQ - Appointment cancelled', 'RVSQ - Cancellation'] },
    { kind: 'other', subject: ['RVSQ - Reminder', 'RVSQ - Newsletter'] },
  ],
  fields: {
    id: ['Appointment number', 'Appointment no'],
    calendar: ['Physician', 'Doctor', 'Health professional'],
    date: ['Appointment date', 'Appointment date and time'],
    start: ['Appointment time', 'Time'],
    end: ['End time'],
    duration: ['Duration'],
  },
};
