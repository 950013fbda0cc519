import { formatInstant, instant } from '../domain/instant.ts';

/** What a handler gives back when it does what was asked; what it does not do is thrown as Refused. */
export type Answer = {
  readonly outcome: 'ok' | 'created' | 'deleted';
  /** The resource as JSON text; of one that is deleted there is none. */
  readonly text: string;
  readonly version: Version | null;
  /** `Appointment/<id>` of what was created. */
  readonly path: string | null;
};

export type Version = {
  readonly number: number;
  readonly updatedMs: number;
  /** Stands for some elements of it, where the text has no others; left out = all of it. */
  readonly part?: string;
};

export const ok = (text: string, version: Version | null = null): Answer => ({
  outcome: 'ok',
  text,
  version,
  path: null,
});

export const DELETED: Answer = { outcome: 'deleted', text: '', version: null, path: null };

/** How meta begins; its end is the caller's. */
export const metaHead = (version: number, updatedMs: number): string =>
  `"meta":{"versionId":"${version}","lastUpdated":"${timeText(updatedMs)}"`;

// Writing a date is half of what serving a slot costs, and the slots of one reading were all updated at one moment.
const TIMES_MAX = 10_000;
const times = new Map<number, string>();

function timeText(epochMs: number): string {
  let text = times.get(epochMs);
  if (text === undefined) {
    text = formatInstant(instant(epochMs));
    if (times.size >= TIMES_MAX) times.clear();
    times.set(epochMs, text);
  }
  return text;
}
