import type { TFunction } from 'i18next';
import { spanText } from '../time/zone.ts';
import { type Entry, listingState } from './entries.ts';

/** What an entry says in the grid, made of nodes: nothing that a platform or a patient has written is ever read as HTML. */

type Titles = Readonly<Record<string, string>>;

export function contentOf(entry: Entry, zone: string, titles: Titles, t: TFunction): Node[] {
  const state = listingState(entry);
  const sign = state === 'agrees' ? [] : [node('span', `sign ${state}`, state === 'failing' ? '!' : '↻')];
  return [
    node('span', 'times', spanText(entry.start, entry.end, zone)),
    node('strong', 'what', whatOf(entry, t)),
    ...platformsOf(entry, titles, t).map((title) => node('span', 'platform', title)),
    ...sign,
  ];
}

/** The same, to be heard. */
export function labelOf(entry: Entry, zone: string, titles: Titles, t: TFunction): string {
  const state = listingState(entry);
  return [
    spanText(entry.start, entry.end, zone),
    t(`agenda.kind.${entry.kind}`),
    ...(entry.type === 'period' && entry.isConflict ? [t('agenda.conflict')] : []),
    ...(entry.type === 'period' && entry.period.patient ? [entry.period.patient.name] : []),
    ...platformsOf(entry, titles, t),
    ...(state === 'agrees' ? [] : [t(`agenda.sign.${state}`)]),
  ].join(', ');
}

export function whatOf(entry: Entry, t: TFunction): string {
  if (entry.type === 'slot') return t(`agenda.kind.${entry.kind}`);
  const { kind, period } = entry;
  if (kind === 'block' && isBlockReason(period.reason)) return t(`agenda.blockReasons.${period.reason}`);
  if (kind === 'appointment' || kind === 'pending') return period.patient?.name ?? t(`agenda.kind.${kind}`);
  return t(`agenda.kind.${kind}`);
}

export const BLOCK_REASONS = ['lunch', 'meeting', 'absence', 'other'] as const;
export const isBlockReason = (reason: string | null): reason is (typeof BLOCK_REASONS)[number] =>
  BLOCK_REASONS.some((each) => each === reason);

/** Where it is on offer, or where it was booked. */
export function platformsOf(entry: Entry, titles: Titles, t: TFunction): readonly string[] {
  const title = (id: string): string => titles[id] ?? id;
  if (entry.type === 'period') {
    const { origin } = entry.period;
    return [origin === null ? t('agenda.here') : title(origin)];
  }
  const published = entry.slots.flatMap(({ listings }) =>
    listings.filter(({ known }) => known === 'open').map(({ connection }) => connection),
  );
  return [...new Set([...entry.slots.map(({ connection }) => connection), ...published])].map(title);
}

function node(tag: string, className: string, text: string): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}
