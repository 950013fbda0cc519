import { z } from 'zod';
import { instantText, storableText } from '../../src/adapter/texts.ts';
import type { Instant } from '../../src/domain/instant.ts';

/**
 * The JSON of Bonjour-santé as we assume it: the vendor publishes no API. When the real contract comes, this file,
 * the calls of client.ts and mappings/bonjour-sante/ change, and nothing else.
 */

const Id = storableText(200).min(1);
const Code = storableText(100).min(1);
const PAGE_ROWS_MAX = 1000;
const Codes = z.array(Code).max(50).nullable();

/** An unordered pair of times names no interval. */
const ordered = ({ debut, fin }: { debut: Instant; fin: Instant }): boolean => debut < fin;
const ORDER = { path: ['fin'], message: 'ends before it starts' };

const Times = { debut: instantText, fin: instantText };
const Common = {
  id: Id,
  agendaId: Id,
  /** Grows with each change of any record. */
  version: z.number().int().nonnegative(),
  ...Times,
  referenceExterne: Id.nullable(),
  modifieLe: instantText,
};

/** The attributes of a slot, in the vendor's codes; null = not said. */
export const Offre = z.object({
  /** Since when it may be booked. */
  offerteDepuis: z.string().nullable(),
  motifs: Codes,
  clienteles: Codes,
  provenances: Codes,
  mode: Code.nullable(),
  lien: storableText(2000).nullable(),
});
export type Offre = z.output<typeof Offre>;

export const Plage = z
  .object({ genre: z.literal('plage'), ...Common, ...Offre.shape, offerteDepuis: instantText.nullable() })
  .refine(ordered, ORDER);
export const Reservation = z
  .object({
    genre: z.literal('reservation'),
    ...Common,
    plageId: Id.nullable(),
    statut: z.enum(['verrouillee', 'confirmee']),
    /** When the lock ends by itself. */
    expireLe: instantText.nullable(),
  })
  .refine(ordered, ORDER);
export const Blocage = z.object({ genre: z.literal('blocage'), ...Common }).refine(ordered, ORDER);

/** One row of an agenda. */
export const Element = z.discriminatedUnion('genre', [Plage, Reservation, Blocage]);
export type Element = z.output<typeof Element>;

/** The vendor says less of a record that is there no more. */
export const Suppression = z.object({
  genre: z.enum(['plage', 'reservation', 'blocage']),
  id: Id,
  version: z.number().int().nonnegative(),
});

/** An agenda, and whose it is. */
export const Agenda = z.object({
  id: Id,
  /** As the clinic calls it; null = by whose it is. */
  nom: storableText(200).nullable(),
  professionnel: z
    .object({ titre: storableText(50).nullable(), prenom: storableText(200), nom: storableText(200) })
    .nullable(),
  clinique: storableText(200).nullable(),
});
/** All of them, at once. */
export const Agendas = z.object({ agendas: z.array(z.unknown()).max(10_000) });

/** A page of an agenda: rows are checked one by one, so that a bad one does not hide the others. */
export const Grille = z.object({
  elements: z.array(z.unknown()).max(PAGE_ROWS_MAX),
  /** Where the next page begins; null = this was the last. */
  suite: Id.nullable(),
});

export const Evenement = z.discriminatedUnion('type', [
  z.object({ type: z.literal('modification'), emisLe: instantText, element: z.unknown() }),
  z.object({ type: z.literal('suppression'), emisLe: instantText, element: Suppression }),
]);

export const Etat = z.object({ plateforme: z.literal('bonjour-sante') });

/** What the vendor takes. */
export const Fenetre = z.object({
  du: instantText,
  au: instantText,
  /** Rows after this one, in order of creation. */
  apres: z.coerce.number().int().default(0),
  limite: z.coerce.number().int().min(1).max(PAGE_ROWS_MAX).default(100),
});
export const PlageDemandee = z
  .object({ ...Times, ...Offre.omit({ lien: true }).shape, referenceExterne: Id })
  .refine(ordered, ORDER);
export const BlocageDemande = z.object({ ...Times, referenceExterne: Id }).refine(ordered, ORDER);
/** The least that the vendor needs to reach the patient. */
const Patient = z.object({
  nom: z.string(),
  prenom: z.string(),
  cellulaire: z.string().nullable(),
  courriel: z.string().nullable(),
  nam: z.string().nullable(),
  naissance: z.string().nullable(),
});
export const Confirmation = z.object({ referenceExterne: Id, patient: Patient.nullable() });
/** A lock; or, with `confirmation`, lock and confirmation in one step, so that nobody sees it half done. */
export const ReservationDemandee = z
  .object({
    ...Times,
    plageId: Id.nullable(),
    referenceExterne: Id,
    expireLe: instantText.nullable(),
    confirmation: Confirmation.pick({ patient: true }).nullable(),
  })
  .refine(ordered, ORDER);
/** Another time for what is confirmed: all else of it stays, who comes too. */
export const ReservationDeplacee = z.object({ ...Times, plageId: Id.nullable() }).refine(ordered, ORDER);
export type Confirmation = z.output<typeof Confirmation>;
