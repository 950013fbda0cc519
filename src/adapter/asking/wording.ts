import type { Instant } from '../../domain/instant.ts';
import { hull, type Interval } from '../../domain/interval.ts';
import type { Bilingual } from '../../domain/schedule.ts';
import type { SlotAttributes } from '../../domain/slot.ts';
import {
  ELIGIBILITY_TERMS,
  MODE_TERMS,
  REASON_TERMS,
  REORIENTATION_TERMS,
  type Terms,
} from '../../domain/slot-terms.ts';
import { readLocal, toLocal, toOffset } from '../zone.ts';

/** What is asked of a person, in both languages: when by the clock of the place, whose calendar, on which platform. */

export type Place = {
  /** As the clinic calls them. */
  readonly calendar: string;
  readonly platform: string;
  /** IANA. */
  readonly zone: string;
};

export type Deed =
  | { readonly do: 'close'; readonly time: Interval; readonly instead: Interval | null }
  | { readonly do: 'reopen'; readonly times: readonly Interval[] }
  | {
      readonly do: 'offer';
      readonly time: Interval;
      readonly instead: Interval | null;
      readonly isChange: boolean;
      readonly attributes: SlotAttributes;
    }
  | { readonly do: 'withdraw'; readonly times: readonly Interval[] }
  | { readonly do: 'cancel'; readonly times: readonly Interval[] };

/** More than this a sentence does not bear; somebody who has so many holes in a time looks at the screen anyway. */
const TIMES_MAX = 6;

export function taskFor(deed: Deed, place: Place): Bilingual {
  const on = `${place.calendar}, ${place.platform}`;
  switch (deed.do) {
    case 'close': {
      const { fr, en } = whenOf([deed.time], place.zone);
      const instead = insteadOf(deed.instead, place.zone);
      return { fr: `Fermer ${fr} — ${on}${instead.fr}`, en: `Close ${en} — ${on}${instead.en}` };
    }
    case 'reopen':
      return said(deed.times, place, { fr: 'Rouvrir', en: 'Reopen' }, on);
    case 'offer': {
      const { fr, en } = whenOf([deed.time], place.zone);
      const instead = insteadOf(deed.instead, place.zone);
      const verb = deed.isChange
        ? { fr: 'Modifier la plage offerte', en: 'Change the slot on offer' }
        : { fr: 'Offrir la plage', en: 'Offer the slot' };
      const what = attributesOf(deed.attributes);
      return {
        fr: `${verb.fr} ${fr} — ${on}${instead.fr}${what.fr}`,
        en: `${verb.en} ${en} — ${on}${instead.en}${what.en}`,
      };
    }
    case 'withdraw':
      return said(deed.times, place, { fr: 'Retirer la plage offerte', en: 'Take off the offer' }, on);
    case 'cancel':
      return said(
        deed.times,
        place,
        {
          fr: 'Annuler le rendez-vous et prévenir la personne',
          en: 'Cancel the appointment and tell who comes',
        },
        on,
      );
  }
}

function said(times: readonly Interval[], { zone }: Place, verb: Bilingual, on: string): Bilingual {
  const { fr, en } = whenOf(times, zone);
  return { fr: `${verb.fr} : ${fr} — ${on}`, en: `${verb.en}: ${en} — ${on}` };
}

const insteadOf = (before: Interval | null, zone: string): Bilingual => {
  if (before === null) return { fr: '', en: '' };
  const { fr, en } = whenOf([before], zone);
  return { fr: `, au lieu de ${fr}`, en: `, instead of ${en}` };
};

/** By the clock of the place; where the clocks go back, with the offset, since such a time comes twice. */
export function whenOf(times: readonly Interval[], zone: string): Bilingual {
  const around = hull(times);
  if (around === null) throw new RangeError('a task without a time');
  if (times.length > TIMES_MAX) {
    const { fr, en } = whenOf([around], zone);
    return { fr: `${fr} (sauf ce qui reste fermé)`, en: `${en} (but not what stays closed)` };
  }
  const texts = times.map((time) => ({ fr: spanIn('fr', time, zone), en: spanIn('en', time, zone) }));
  return { fr: texts.map(({ fr }) => fr).join(' et '), en: texts.map(({ en }) => en).join(' and ') };
}

type Language = keyof Bilingual;

function spanIn(language: Language, { start, end }: Interval, zone: string): string {
  const day = dayIn(language, start, zone);
  const lastDay = dayIn(language, end, zone);
  const until = `${lastDay === day ? '' : `${lastDay}, `}${clockIn(language, end, zone)}`;
  const from = clockIn(language, start, zone);
  return language === 'fr' ? `${day}, de ${from} à ${until}` : `${day}, ${from} to ${until}`;
}

const LOCALES: Record<Language, string> = { fr: 'fr-CA', en: 'en-GB' };

/** `mardi 24 novembre 2026`; `Tuesday 24 November 2026`. */
function dayIn(language: Language, at: Instant, zone: string): string {
  const options = {
    timeZone: zone,
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  } as const;
  const parts = new Intl.DateTimeFormat(LOCALES[language], options).formatToParts(at);
  const part = (wanted: string): string => parts.find(({ type }) => type === wanted)?.value ?? '';
  return `${part('weekday')} ${part('day')} ${part('month')} ${part('year')}`;
}

/** `9 h 20` (Office québécois de la langue française); `09:20`. */
function clockIn(language: Language, at: Instant, zone: string): string {
  const local = toLocal(at, zone);
  const [hour = '', minute = ''] = local.slice(11).split(':');
  const clock = language === 'fr' ? `${Number(hour)} h ${minute}` : `${hour}:${minute}`;
  return readLocal(local, zone).kind === 'repeated' ? `${clock} (UTC${toOffset(at, zone).slice(-6)})` : clock;
}

function attributesOf({ eligibility, reasons, reorientation, mode }: SlotAttributes): Bilingual {
  const terms = [
    ...termsOf(REASON_TERMS, reasons),
    ...termsOf(ELIGIBILITY_TERMS, eligibility),
    ...termsOf(REORIENTATION_TERMS, reorientation),
    ...termsOf(MODE_TERMS, mode === null ? null : [mode]),
  ];
  if (terms.length === 0) return { fr: '', en: '' };
  return {
    fr: ` : ${terms.map(({ fr }) => fr).join('; ')}`,
    en: `: ${terms.map(({ en }) => en).join('; ')}`,
  };
}

const termsOf = <Code extends string>(terms: Terms<Code>, codes: readonly Code[] | null): Bilingual[] =>
  (codes ?? []).map((code) => terms[code]);
