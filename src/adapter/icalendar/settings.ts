import { z } from 'zod';
import { ELIGIBILITIES, MODES, REASONS, REORIENTATIONS } from '../../domain/slot.ts';
import { titled } from '../titled.ts';

/** What is configured of a calendar of events (RFC 5545), whatever it is read by. */

export const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;

const Attributes = z
  .object({
    eligibility: z
      .array(z.enum(ELIGIBILITIES))
      .nullable()
      .default(null)
      .describe('To whom it is offered; null = not said')
      .meta(
        titled('Who may book', 'Qui peut réserver', 'À quelle clientèle elle est offerte; vide = non dit'),
      ),
    reasons: z
      .array(z.enum(REASONS))
      .nullable()
      .default(null)
      .describe('For which reasons of a visit; null = not said')
      .meta(titled('Reasons', 'Motifs', 'Pour quels motifs de consultation; vide = non dit')),
    reorientation: z
      .array(z.enum(REORIENTATIONS))
      .nullable()
      .default(null)
      .describe('By whom patients are sent to it; null = not said')
      .meta(titled('Sent by', 'Provenance', 'Par qui les patients y sont envoyés; vide = non dit')),
    mode: z
      .enum(MODES)
      .nullable()
      .default(null)
      .describe('On site, by telephone or by video; null = not said')
      .meta(titled('Mode', 'Mode', 'Sur place, par téléphone ou par vidéo; vide = non dit')),
    bookingUrl: z
      .url()
      .nullable()
      .default(null)
      .describe('Where a patient books it; null = not said')
      .meta(titled('Booking page', 'Page de réservation', 'Où un patient la réserve; vide = non dit')),
  })
  .describe('What the regulation (A-2.2, r. 1, s. 4) wants of every slot; null = not said');

const supply = {
  slotMinutes: z
    .int()
    .min(5)
    .max(480)
    .describe('Length of a slot, in minutes')
    .meta(titled('Minutes of a slot', 'Minutes d’une plage', 'Durée d’une plage, en minutes')),
  horizonDays: z
    .int()
    .min(1)
    .max(366)
    .default(28)
    .describe('How far ahead slots are offered, in local days')
    .meta(
      titled(
        'Days ahead',
        'Jours d’avance',
        'Combien de jours d’avance les plages sont offertes, en jours du lieu',
      ),
    ),
  attributes: Attributes.prefault({})
    .describe('What the regulation (A-2.2, r. 1, s. 4) wants of every slot; null = not said')
    .meta(
      titled(
        'Attributes',
        'Attributs',
        'Ce que le règlement (A-2.2, r. 1, art. 4) veut de chaque plage; vide = non dit',
      ),
    ),
};

const Hours = z.object({
  weekdays: z
    .array(z.enum(WEEKDAYS))
    .min(1)
    .describe('Days of the week, as in RFC 5545: MO … SU')
    .meta(titled('Weekdays', 'Jours de la semaine', 'Jours de la semaine, comme dans la RFC 5545 : MO … SU')),
  from: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
    .describe('Local time at which work begins, HH:MM')
    .meta(titled('From', 'De', 'Heure du lieu à laquelle le travail commence, HH:MM')),
  to: z
    .string()
    .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/)
    .describe('Local time at which it ends, HH:MM, at most 24:00')
    .meta(titled('To', 'À', 'Heure du lieu à laquelle il finit, HH:MM, au plus 24:00')),
});

export const WorkingPlan = z.object({
  kind: z
    .literal('plan')
    .describe('Slots are cut out of working hours')
    .meta(
      titled('Working plan', 'Horaire de travail', 'Les plages sont découpées dans des heures de travail'),
    ),
  hours: z
    .array(Hours)
    .min(1)
    .describe('Working hours, cut into slots from each `from` on')
    .meta(
      titled(
        'Working hours',
        'Heures de travail',
        'Heures de travail, découpées en plages à partir de chaque « from »',
      ),
    ),
  ...supply,
});

export const Availability = z.discriminatedUnion('kind', [
  WorkingPlan,
  z.object({
    kind: z
      .literal('vavailability')
      .describe('Slots are what the server says of availability (RFC 7953)')
      .meta(
        titled(
          'VAVAILABILITY',
          'VAVAILABILITY',
          'Les plages viennent de ce que le serveur dit des disponibilités (RFC 7953)',
        ),
      ),
    ...supply,
  }),
]);

/** What a timed event stands for: time in the lock, or time that is closed. */
export const Events = z.enum(['appointment', 'block']);

export type Supply = z.output<typeof Availability>;
export type WorkingPlan = z.output<typeof WorkingPlan>;

/** What may be said of one calendar, where an adapter reads several. */
export const OF_CALENDAR = {
  availability: Availability.optional()
    .describe(
      'Where slots come from: a working plan, or VAVAILABILITY (RFC 7953). Left out = only busy time is read',
    )
    .meta(
      titled(
        'Slots',
        'Plages',
        'D’où viennent les plages : un horaire de travail, ou VAVAILABILITY (RFC 7953). Sans réponse = seul le temps pris est lu',
      ),
    ),
  events: Events.optional()
    .describe('Overrides `events` of the connection for this calendar')
    .meta(titled('Events', 'Événements', 'Remplace « events » de la connexion pour cet agenda')),
  owner: z
    .email()
    .optional()
    .describe('Whose calendar it is: an invitation that this attendee declined takes no time')
    .meta(
      titled(
        'Owner',
        'Titulaire',
        'À qui est l’agenda : une invitation que cette adresse a déclinée ne prend pas de temps',
      ),
    ),
};
