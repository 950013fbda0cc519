import { Problem } from '../api/problem.ts';
import { useWords } from '../i18n/use-words.ts';
import { TextField } from '../parts/field.tsx';
import type { PatientForm } from './commands.ts';

/** Who comes. No browser keeps what is typed: the computer at the desk is everybody's. */

export const NO_PATIENT: PatientForm = { given: '', family: '', phone: '', healthNumber: '', birthDate: '' };

export const isNamed = ({ given, family }: PatientForm): boolean =>
  given.trim() !== '' && family.trim() !== '';

export function PatientFields({
  value,
  comment,
  isChecked,
  error,
  onPatient,
  onComment,
}: {
  readonly value: PatientForm;
  readonly comment: string;
  /** Somebody tried to send it: what is missing is said. */
  readonly isChecked: boolean;
  readonly error: unknown;
  readonly onPatient: (value: PatientForm) => void;
  readonly onComment: (value: string) => void;
}) {
  const { t } = useWords();
  const set = (key: keyof PatientForm) => (text: string) => onPatient({ ...value, [key]: text });
  const missing = (text: string): string | undefined =>
    isChecked && text.trim() === '' ? t('agenda.book.required') : undefined;
  const wrong = (ending: string): string | undefined =>
    error instanceof Problem
      ? error.issues.find(({ expression }) => expression?.endsWith(ending))?.text
      : undefined;
  const plain = { autoComplete: 'off', spellCheck: false } as const;
  return (
    <>
      <div className="fields">
        <TextField
          {...plain}
          label={t('agenda.book.given')}
          value={value.given}
          required
          wrong={missing(value.given)}
          onValue={set('given')}
        />
        <TextField
          {...plain}
          label={t('agenda.book.family')}
          value={value.family}
          required
          wrong={missing(value.family)}
          onValue={set('family')}
        />
        <TextField
          {...plain}
          type="tel"
          label={t('agenda.book.phone')}
          value={value.phone}
          wrong={wrong('telecom.value')}
          onValue={set('phone')}
        />
        <TextField
          {...plain}
          type="date"
          label={t('agenda.book.birthDate')}
          value={value.birthDate}
          wrong={wrong('birthDate')}
          onValue={set('birthDate')}
        />
      </div>
      <TextField
        {...plain}
        label={t('agenda.book.healthNumber')}
        help={t('agenda.book.healthNumberHelp')}
        value={value.healthNumber}
        wrong={wrong('identifier.value')}
        onValue={set('healthNumber')}
      />
      <TextField
        {...plain}
        label={t('agenda.book.comment')}
        help={t('agenda.book.commentHelp')}
        value={comment}
        onValue={onComment}
      />
    </>
  );
}
