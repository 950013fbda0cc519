/** Which column of a list is what, by its title in French or in English. */

export const COLUMNS = ['date', 'start', 'end', 'duration', 'calendar', 'status'] as const;
export type Column = (typeof COLUMNS)[number];

/** As they are compared: in small letters, without accents, and nothing but letters and digits. */
const TITLES: Readonly<Record<string, Column>> = {
  date: 'date',
  jour: 'date',
  day: 'date',
  debut: 'start',
  heuredebut: 'start',
  heurededebut: 'start',
  heure: 'start',
  de: 'start',
  start: 'start',
  starttime: 'start',
  time: 'start',
  from: 'start',
  fin: 'end',
  heurefin: 'end',
  heuredefin: 'end',
  a: 'end',
  end: 'end',
  endtime: 'end',
  to: 'end',
  duree: 'duration',
  dureemin: 'duration',
  minutes: 'duration',
  duration: 'duration',
  durationmin: 'duration',
  agenda: 'calendar',
  calendrier: 'calendar',
  medecin: 'calendar',
  professionnel: 'calendar',
  calendar: 'calendar',
  doctor: 'calendar',
  provider: 'calendar',
  statut: 'status',
  etat: 'status',
  status: 'status',
  state: 'status',
};

export const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '');

/** What is in no column of ours, such as who comes, is not looked at. */
export const columnOf = (title: string): Column | null => TITLES[plain(title)] ?? null;
