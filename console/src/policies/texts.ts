import i18next from 'i18next';
import { language, locale } from '../i18n/current.ts';
import type { Draft, Rule } from './draft.ts';
import type { Problem, RuledSchedule } from './model.ts';

const unit = (name: string, amount: number): string =>
  new Intl.NumberFormat(locale(), {
    style: 'unit',
    unit: name,
    unitDisplay: 'short',
    maximumFractionDigits: 1,
  }).format(amount);

/** Of time that is dealt: as 30 min, 2 h, or the whole day. */
export function unitText(minutes: number): string {
  if (minutes >= 1440) return i18next.t('policies.wholeDay');
  return minutes < 60 || minutes % 60 !== 0 ? unit('minute', minutes) : unit('hour', minutes / 60);
}

export const hoursText = (minutes: number): string => unit('hour', minutes / 60);

/** The gateway words what is wrong in English, and in French where it can. */
export const problemText = ({ message }: Problem): string => message[language()] ?? message.en;

export const scheduleText = ({ practitioner, location, service }: RuledSchedule): string =>
  [practitioner, location, service[language()]].join(' – ');

/** A rule in few words, of what is to be saved. */
export function ruleText(rule: Rule, draft: Draft, titleOf: (connection: string) => string): string {
  const { t } = i18next;
  switch (rule) {
    case 'sharing': {
      const shares = Object.entries(draft.shares)
        .filter(([, share]) => share !== '' && share !== '0')
        .map(([id, share]) => `${titleOf(id)} ${share}`)
        .join(', ');
      return draft.sharing === 'allotted'
        ? t('policies.brief.allotted', {
            shares,
            hours: draft.pooledHours,
            unit: unitText(Number(draft.unitMinutes)),
          })
        : t(`policies.sharing.${draft.sharing}.text`);
    }
    case 'release':
      if (draft.release === 'always') return t('policies.release.always.text');
      return draft.release === 'hoursBefore'
        ? t('policies.brief.hoursBefore', { hours: draft.releaseHours })
        : t('policies.brief.atMidnight', { days: draft.releaseDays });
    case 'holds':
      return t('policies.brief.holds', { minutes: draft.holdMinutes, most: draft.holdMost });
    case 'cancellation':
      return t('policies.brief.cancellation', { hours: draft.cancelUntil });
    case 'failover':
      if (draft.failover === 'refuse') return t('policies.failover.refuse.text');
      return [
        t('policies.failover.accept.text'),
        ...(draft.forHours === '' ? [] : [t('policies.brief.forHours', { hours: draft.forHours })]),
        ...(draft.failoverUntil === '0' ? [] : [t('policies.brief.until', { hours: draft.failoverUntil })]),
      ].join(', ');
    case 'conflicts':
      return t(`policies.conflicts.${draft.conflicts}.text`);
  }
}
