import type { TFunction } from 'i18next';
import { spanText, timeText } from '../time/zone.ts';
import { type Entry, listingState } from './entries.ts';

/** What an entry says in the grid, made of nodes: nothing that a platform or a patient has written is ever read as HTML. */

type Titles = Readonly<Record<string, string>>;

export type Naming = {
  readonly zone: string;
  /** Of connections, by id. */
  readonly titles: Titles;
  /** Of practitioners, by the id of their schedule. */
  readonly practitioners: Titles;
  readonly t: TFunction;
};

/** A button, whose parts are read one after the other; some of them are only heard. */
export function contentOf(entry: Entry, { zone, titles, practitioners, t }: Naming): Node[] {
  const state = listingState(entry);
  const button = document.createElement('button');
  button.type = 'button';
  button.dataset['entry'] = entry.id;
  button.title = spanText(entry.start, entry.end, zone);
  button.append(
    ...spaced([
      node('span', 'times', timeText(entry.start, zone)),
      node(
        'span',
        'visually-hidden',
        `– ${timeText(entry.end, zone)}, ${practitioners[entry.schedule] ?? ''},`,
      ),
      node('strong', 'what', whatOf(entry, t)),
      node('span', 'platform', platformsOf(entry, titles, t).join(', ')),
      ...(entry.type === 'period' && entry.kind !== 'block' && entry.period.patient
        ? [node('span', 'visually-hidden', t(`agenda.kind.${entry.kind}`))]
        : []),
      ...(entry.type === 'period' && entry.isConflict
        ? [node('span', 'visually-hidden', t('agenda.conflict'))]
        : []),
      ...(state === 'agrees'
        ? []
        : [
            node('span', `sign ${state}`, state === 'failing' ? '!' : '↻'),
            node('span', 'visually-hidden', t(`agenda.sign.${state}`)),
          ]),
    ]),
  );
  return [button];
}

const spaced = (nodes: readonly Node[]): (Node | string)[] => nodes.flatMap((each) => [each, ' ']);

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
