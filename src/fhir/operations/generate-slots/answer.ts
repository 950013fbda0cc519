import type { Parameters, ParametersParameter } from 'fhir/r4.js';
import { inOther } from '../../../../mappings/fhir/bilingual.ts';
import { formatWall, type Wall } from '../../../domain/recurrence/wall.ts';
import type { PresentSlot, Renewal, WhyKept, WhySkipped } from '../../../domain/renewal.ts';
import type { Bilingual } from '../../../domain/schedule.ts';
import type { Offering, WhyNot } from '../../../domain/template.ts';
import type { Language } from '../../language.ts';

/** What `$generate-slots` did, in numbers: what was made is found by a search of the schedule's slots. */

const WHY: Readonly<Record<WhyNot | WhySkipped, Bilingual>> = {
  holiday: { fr: 'Jour férié', en: 'Public holiday' },
  closed: { fr: 'Fermé par une exception', en: 'Closed by an exception' },
  clocks: { fr: 'Changement d’heure', en: 'The clocks change' },
  template: { fr: 'Un gabarit précédent a ce temps', en: 'A template before it has that time' },
  past: { fr: 'Déjà passé', en: 'In the past' },
  busy: {
    fr: 'Une plage prise, retenue ou bloquée a ce temps',
    en: 'A slot that is taken, held or blocked has that time',
  },
  overlap: { fr: 'Une autre plage a ce temps', en: 'Another slot has that time' },
};

type Skipped = {
  readonly day: Wall;
  readonly why: WhyNot | WhySkipped;
  readonly count: number;
  readonly name: Bilingual | null;
};

export function generated(
  { create, remove, keep, skip }: Renewal<PresentSlot>,
  { leftOut }: Offering,
  language: Language,
): Parameters {
  const skipped: Skipped[] = [...leftOut, ...byDay(skip)].sort((a, b) => a.day - b.day);
  return {
    resourceType: 'Parameters',
    parameter: [
      { name: 'created', valueUnsignedInt: create.length },
      { name: 'removed', valueUnsignedInt: remove.length },
      ...(['wanted', 'busy', 'begun'] as const).flatMap((why) => keptPart(why, keep)),
      ...skipped.map((each) => skippedPart(each, language)),
    ],
  };
}

function byDay(skip: Renewal<PresentSlot>['skip']): readonly Skipped[] {
  const found = new Map<string, Skipped>();
  for (const { slot, why } of skip) {
    const key = `${slot.day}/${why}`;
    const count = (found.get(key)?.count ?? 0) + 1;
    found.set(key, { day: slot.day, why, count, name: null });
  }
  return [...found.values()];
}

function keptPart(reason: WhyKept, keep: Renewal<PresentSlot>['keep']): ParametersParameter[] {
  const count = keep.filter(({ why }) => why === reason).length;
  if (count === 0) return [];
  return [
    {
      name: 'kept',
      part: [
        { name: 'reason', valueCode: reason },
        { name: 'count', valuePositiveInt: count },
      ],
    },
  ];
}

function skippedPart({ day, why, count, name }: Skipped, language: Language): ParametersParameter {
  const text = name ?? WHY[why];
  return {
    name: 'skipped',
    part: [
      { name: 'date', valueDate: formatWall(day).slice(0, 10) },
      { name: 'reason', valueCode: why },
      { name: 'count', valuePositiveInt: count },
      { name: 'description', valueString: text[language], _valueString: inOther(text, language) },
    ],
  };
}
