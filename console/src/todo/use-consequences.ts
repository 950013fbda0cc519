import { useWords } from '../i18n/use-words.ts';
import { shortDayText, spanText } from '../time/zone.ts';
import { type Choice, LETTERS, touchedBy } from './choice.ts';
import { useTitles } from './look.ts';
import { type Conflict, otherSide, type Patient, type Side } from './model.ts';

export type Consequences = {
  readonly title: string;
  /** A sentence for each thing that happens. */
  readonly lines: readonly string[];
  readonly confirm: string;
  /** Told once it is done. */
  readonly done: string;
  /** Whose patient has to be called before. */
  readonly touched: Side | null;
};

/** What a choice does, to whom, in words. */
export function useConsequences(
  { bookings, start, end }: Conflict,
  choice: Choice,
  patients: Readonly<Record<Side, Patient | null>>,
  zone: string,
): Consequences {
  const { t } = useWords();
  const titleOf = useTitles();
  const touched = touchedBy(choice);
  const whenOf = (time: { readonly start: string; readonly end: string }): string =>
    t('todo.conflict.moveTo', {
      day: shortDayText(time.start, zone),
      span: spanText(time.start, time.end, zone),
    });
  const said = (side: Side) => {
    const platform = titleOf(bookings[side].connection);
    const name = patients[side]?.name ?? t('todo.settle.patientOf', { platform });
    return { who: `${LETTERS[side]} · ${name}`, when: whenOf(bookings[side]), platform };
  };
  if (touched === null) {
    const when = whenOf({ start, end });
    return {
      title: t('todo.settle.bothTitle'),
      lines: [t('todo.settle.both', { when })],
      confirm: t('todo.settle.bothConfirm'),
      done: t('todo.settle.keptBoth', { when }),
      touched,
    };
  }
  const other = otherSide(touched);
  const keeps = t('todo.settle.keeps', said(other));
  if (choice.resolution === 'move') {
    const letter = LETTERS[touched];
    const when = whenOf(choice.proposal);
    const { who, when: from } = said(touched);
    const platform = titleOf(choice.proposal.connection);
    return {
      title: t('todo.settle.moveTitle', { letter }),
      lines: [t('todo.settle.moves', { who, from, when, platform }), keeps],
      confirm: t('todo.settle.moveConfirm', { letter }),
      done: t('todo.settle.moved', { letter, when }),
      touched,
    };
  }
  const letters = { letter: LETTERS[other], other: LETTERS[touched] };
  return {
    title: t('todo.settle.keepTitle', letters),
    lines: [keeps, t('todo.settle.loses', said(touched))],
    confirm: t('todo.settle.keepConfirm', letters),
    done: t('todo.settle.kept', { ...letters, when: said(other).when }),
    touched,
  };
}
