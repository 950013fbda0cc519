import { type CodeMaps, translate } from '../../src/adapter/concept-map.ts';
import { issuesOf } from '../../src/adapter/http.ts';
import type { Observation, ObservedBusy, Rejected } from '../../src/adapter/observation.ts';
import type { BusyKind } from '../../src/domain/busy.ts';
import { interval } from '../../src/domain/interval.ts';
import { REASONS, type SlotAttributes, UNKNOWN_ATTRIBUTES } from '../../src/domain/slot.ts';
import type { Line } from './lines.ts';
import { Identified, Scheduled, type SlotLine, SlotLine as SlotSchema } from './wire.ts';

/** A line of a Slot file to observations: the slot, and the time that is taken where it is not free. Pure. */

export type Normalizer = (line: Line) => { readonly rows: Observation[]; readonly rejected: Rejected[] };

export type Options = {
  readonly maps: CodeMaps;
  readonly busy: 'appointment' | 'block';
  /** The schedule of a reference as the configuration names it, or null: not one that is read. */
  readonly calendarOf: (reference: string) => string | null;
};

const NOTHING = { rows: [], rejected: [] };
/** What a code looks like; anything else may be text that somebody typed, and is not repeated. */
const CODE = /^[\w.:-]{1,64}$/;

export function createNormalizer({ maps, busy, calendarOf }: Options): Normalizer {
  const reason = maps.map('smart-scheduling-links-reason');

  return (line) => {
    if (line.kind === 'bad') {
      return { rows: [], rejected: [{ externalId: null, reason: '(root): no JSON', raw: line.text }] };
    }
    const raw = line.value;
    // Schedules of others are none of our business, whatever their slots look like.
    const reference = Scheduled.safeParse(raw).data?.schedule.reference;
    const calendar = reference === undefined ? null : calendarOf(reference);
    if (reference !== undefined && calendar === null) return NOTHING;
    const parsed = SlotSchema.safeParse(raw);
    if (!parsed.success || calendar === null) {
      const externalId = Identified.safeParse(raw).data?.id ?? null;
      const why = parsed.success ? 'schedule: missing' : issuesOf(parsed.error);
      return { rows: [], rejected: [{ externalId, reason: why, raw }] };
    }
    const slot = parsed.data;
    if (slot.status === 'entered-in-error') return NOTHING;
    const rejected: Rejected[] = [];
    const report = (why: string) => rejected.push({ externalId: slot.id, reason: why, raw });
    const codes = slot.appointmentType?.coding.flatMap(({ code }) => code ?? []) ?? null;
    const attributes: SlotAttributes = {
      ...UNKNOWN_ATTRIBUTES,
      reasons: translate(codes, reason, REASONS, (code) =>
        report(`unmapped code ${CODE.test(code) ? code : '(not a code)'} in appointmentType`),
      ),
      bookingUrl: bookingUrlOf(slot, report),
    };
    const common = {
      externalId: slot.id,
      calendar,
      interval: interval(slot.start, slot.end),
      mark: null,
      revision: null,
      sequence: null,
    };
    const kind = busyKindOf(slot, busy);
    const taken: ObservedBusy[] =
      kind === null
        ? []
        : [
            {
              ...common,
              kind: 'busy',
              busyKind: kind,
              expiresAt: null,
              changedAt: slot.meta?.lastUpdated ?? null,
            },
          ];
    return { rows: [{ ...common, kind: 'slot', attributes }, ...taken], rejected };
  };
}

/** In 2021 `busy` is all that is not free, so what it stands for is a setting; the draft tells one from another. */
function busyKindOf({ status }: SlotLine, busy: 'appointment' | 'block'): BusyKind | null {
  switch (status) {
    case 'busy':
      return busy;
    case 'busy-tentative':
      return 'hold';
    case 'busy-unavailable':
      return 'block';
    default:
      return null;
  }
}

const URL_CHARACTERS_MAX = 2_000;

/** The extensions have other bases in 2021 and in the draft, and the same names. */
const extension = ({ extension: all }: SlotLine, name: string) =>
  all.find(({ url }) => url.endsWith(`/${name}`));

/** The page of this very slot, else whom to call (RFC 3966). */
function bookingUrlOf(slot: SlotLine, report: (why: string) => void): string | null {
  const link = extension(slot, 'booking-deep-link')?.valueUrl;
  if (link !== undefined) {
    const url = typeof link === 'string' && link.length <= URL_CHARACTERS_MAX ? link : '';
    if (/^https?:\/\//i.test(url) && URL.canParse(url)) return new URL(url).href;
    report('booking-deep-link: no address of the web');
  }
  const phone = extension(slot, 'booking-phone')?.valueString;
  return typeof phone === 'string' ? telephoneOf(phone) : null;
}

/**
 * Global numbers only: a local one means nothing elsewhere. Ten digits are one of North America, where this specification
 * is from.
 */
function telephoneOf(text: string): string | null {
  const digits = text.replace(/\D/g, '');
  const isGlobal = text.trim().startsWith('+') && digits.length >= 7 && digits.length <= 15;
  if (isGlobal) return `tel:+${digits}`;
  if (digits.length === 10) return `tel:+1${digits}`;
  return digits.length === 11 && digits.startsWith('1') ? `tel:+${digits}` : null;
}
