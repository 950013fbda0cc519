import { toLocal } from '../adapter/zone.ts';
import type { Instant } from '../domain/instant.ts';
import type { Bilingual } from '../domain/schedule.ts';
import type { Reason } from '../domain/slot.ts';
import { timeOf } from './days.ts';
import type { Sheet, SheetEntry, SheetFree, SheetVisit } from './sheet.ts';

/** What the sheet says, whatever it is written on. */

export type Language = keyof Bilingual;

export const REASON_WORDS: Readonly<Record<Reason, Bilingual>> = {
  urgent: { fr: 'urgent', en: 'urgent' },
  'semi-urgent': { fr: 'semi-urgent', en: 'semi-urgent' },
  'pregnancy-follow-up': { fr: 'suivi de grossesse', en: 'pregnancy follow-up' },
  'paediatric-follow-up': { fr: 'suivi pédiatrique', en: 'paediatric follow-up' },
  'regular-follow-up': { fr: 'suivi régulier', en: 'regular follow-up' },
};

export const WORDS = {
  title: { fr: 'Feuille de relève', en: 'Contingency sheet' },
  asOf: { fr: 'Au', en: 'As of' },
  page: { fr: 'page', en: 'page' },
  of: { fr: 'sur', en: 'of' },
  today: { fr: 'Aujourd’hui', en: 'Today' },
  tomorrow: { fr: 'Demain', en: 'Tomorrow' },
  time: { fr: 'Heure', en: 'Time' },
  end: { fr: 'Fin', en: 'End' },
  date: { fr: 'Date', en: 'Date' },
  location: { fr: 'Lieu', en: 'Location' },
  practitioner: { fr: 'Professionnel', en: 'Practitioner' },
  service: { fr: 'Service', en: 'Service' },
  patient: { fr: 'Qui vient', en: 'Who comes' },
  phone: { fr: 'Téléphone', en: 'Phone' },
  nam: { fr: 'NAM', en: 'Health no.' },
  platform: { fr: 'Plateforme', en: 'Platform' },
  confirmation: { fr: 'Confirmation', en: 'Confirmation' },
  comment: { fr: 'Motif, note', en: 'Reason, note' },
  state: { fr: 'État', en: 'State' },
  byHand: { fr: 'À la main', en: 'By hand' },
  nothing: { fr: 'Rien n’est réservé ni libre.', en: 'Nothing is booked or free.' },
  here: { fr: 'Passerelle', en: 'Passerelle' },
  notKept: { fr: 'connu de la plateforme seule', en: 'known to the platform only' },
  notShown: { fr: 'non montré', en: 'not shown' },
  sources: { fr: 'Chaque plateforme a été lue la dernière fois', en: 'Each platform was last read' },
  neverRead: { fr: 'jamais', en: 'never' },
  inDoubt: { fr: 'à vérifier', en: 'in doubt' },
  confidential: {
    fr: 'Confidentiel : renseignements sur des patients. À déchiqueter après usage.',
    en: 'Confidential: it names patients. Shred it after use.',
  },
} as const satisfies Record<string, Bilingual>;

const STATE_WORDS: Readonly<Record<SheetVisit['state'], Bilingual>> = {
  booked: { fr: 'réservé', en: 'booked' },
  pending: { fr: 'attend la confirmation de la plateforme', en: 'waits for its platform to confirm' },
  held: { fr: 'retenu', en: 'held' },
};

/** A state, and all that qualifies it. */
export function stateText(entry: SheetEntry, zone: string, language: Language): string {
  return entry.kind === 'free' ? freeText(entry, zone, language) : visitText(entry, zone, language);
}

function visitText({ state, inConflict, heldUntil }: SheetVisit, zone: string, language: Language): string {
  const conflict = { fr: 'CONFLIT : vendu deux fois', en: 'CONFLICT: sold twice' }[language];
  const until =
    heldUntil === null
      ? ''
      : { fr: ` jusqu’à ${timeOf(heldUntil, zone)}`, en: ` until ${timeOf(heldUntil, zone)}` }[language];
  const said = `${STATE_WORDS[state][language]}${until}`;
  return inConflict ? `${conflict}; ${said}` : said;
}

function freeText({ places, stale, bookableFrom }: SheetFree, zone: string, language: Language): string {
  const words = {
    fr: ['libre', 'places', 'à vérifier', 'offert à'],
    en: ['free', 'places', 'in doubt', 'on offer at'],
  }[language];
  const [free = '', many = '', doubt = '', from = ''] = words;
  return [
    places > 1 ? `${free} (${places} ${many})` : free,
    ...(stale ? [doubt] : []),
    ...(bookableFrom === null ? [] : [`${from} ${timeOf(bookableFrom, zone)}`]),
  ].join(', ');
}

export const platformText = (entry: SheetEntry, language: Language): string =>
  entry.kind === 'free'
    ? entry.platforms.map((each) => each[language]).join(', ')
    : (entry.platform ?? WORDS.here)[language];

export const commentText = ({ reasons, comment }: SheetVisit, language: Language): string =>
  [...reasons.map((reason) => REASON_WORDS[reason][language]), ...(comment === null ? [] : [comment])].join(
    '; ',
  );

/** @param namesPatients of the sheet: without a name it says why. */
export function nameText({ patient }: SheetVisit, namesPatients: boolean, language: Language): string {
  if (patient) return [patient.family, patient.given].filter((part) => part !== '').join(', ');
  return (namesPatients ? WORDS.notKept : WORDS.notShown)[language];
}

/** `2026-11-24 09:20`, with the zone, so that a printed sheet can be told from a later one. */
export const instantText = (at: Instant, zone: string): string =>
  toLocal(at, zone).slice(0, 16).replace('T', ' ');

/** How fresh each platform's part was. */
export const sourceTexts = ({ sources }: Sheet, zone: string, language: Language): string[] =>
  sources.map(({ title, confirmedAt, stale }) => {
    const at = confirmedAt === null ? WORDS.neverRead[language] : instantText(confirmedAt, zone);
    return `${title[language]} ${at}${stale ? ` (${WORDS.inDoubt[language]})` : ''}`;
  });

/** Where the sheet is not as of now. */
export const staleText = ({ asOf }: Sheet, zone: string, language: Language): string =>
  ({
    fr: `La base de données ne répond pas. Cette feuille est telle qu’au ${instantText(asOf, zone)} : ce qui a été réservé, déplacé ou annulé depuis n’y est pas.`,
    en: `The database does not answer. This sheet is as of ${instantText(asOf, zone)}: what was booked, moved or cancelled since is not on it.`,
  })[language];

/** Of the sheet: of its first place, for what is of no place. */
export const zoneOf = ({ locations }: Sheet): string => locations[0]?.timeZone ?? 'America/Toronto';

export const fileName = ({ organization, asOf }: Sheet, ending: string, zone: string): string =>
  `passerelle-${organization.id}-${toLocal(asOf, zone).slice(0, 16).replace(/[:T]/g, '-')}.${ending}`;
