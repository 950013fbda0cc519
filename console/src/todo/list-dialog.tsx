import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Problem } from '../api/problem.ts';
import { useWords } from '../i18n/use-words.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Field, SelectField, TextField } from '../parts/field.tsx';
import { useNotices } from '../parts/notices.tsx';
import { ProblemNote } from '../parts/problem-note.tsx';
import { takeList } from './commands.ts';
import { useLook, useTitles } from './look.ts';
import type { ListedCalendar, ListTaken } from './model.ts';

/** A platform that lists can be brought of, and its agendas. */
export type Listed = { readonly connectionId: string; readonly calendars: readonly ListedCalendar[] };

const BY_LINE = '';
const TEXT_ROWS = 8;

/** What somebody copied from the screen of a platform that no program can read. */
export function ListDialog({
  listed,
  onClose,
}: {
  readonly listed: readonly [Listed, ...Listed[]];
  readonly onClose: () => void;
}) {
  const { t } = useWords();
  const titleOf = useTitles();
  const { again } = useLook();
  const notify = useNotices();
  const [connectionId, setConnectionId] = useState(listed[0].connectionId);
  const calendars = listed.find((each) => each.connectionId === connectionId)?.calendars ?? [];
  const [chosen, setCalendar] = useState<string | null>(null);
  const calendar = chosen ?? (calendars.length === 1 ? (calendars[0]?.calendar ?? BY_LINE) : BY_LINE);
  const [text, setText] = useState('');
  const [isComplete, setComplete] = useState(false);
  const [days, setDays] = useState({ from: '', to: '' });
  const [isChecked, setChecked] = useState(false);
  const told = useTold();
  const taking = useMutation({
    mutationFn: (partial: boolean) =>
      takeList(connectionId, {
        text,
        ...(calendar === BY_LINE ? {} : { calendar }),
        complete: isComplete && { ...(days.from && { from: days.from }), ...(days.to && { to: days.to }) },
        partial,
      }),
    onSuccess: (taken) => {
      notify({ text: told(taken) });
      again();
      onClose();
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setChecked(true);
    if (text.trim() !== '') taking.mutate(false);
  };
  const hasWrongLines = taking.error instanceof Problem && taking.error.issues.some(isOfText);
  return (
    <Dialog title={t('todo.list.title')} onClose={onClose}>
      <p>{t('todo.list.text')}</p>
      <form onSubmit={submit} noValidate>
        {listed.length > 1 && (
          <SelectField
            label={t('todo.list.connection')}
            value={connectionId}
            options={listed.map((each) => ({ value: each.connectionId, text: titleOf(each.connectionId) }))}
            onValue={(id) => {
              setConnectionId(id);
              setCalendar(null);
            }}
          />
        )}
        <SelectField
          label={t('todo.list.calendar')}
          value={calendar}
          options={[
            { value: BY_LINE, text: t('todo.list.byLine') },
            ...calendars.map((each) => ({ value: each.calendar, text: t('todo.list.of', each) })),
          ]}
          onValue={setCalendar}
        />
        <Field
          label={t('todo.list.pasted')}
          wrong={isChecked && text.trim() === '' ? t('todo.list.required') : undefined}
        >
          {(control) => (
            <textarea
              {...control}
              rows={TEXT_ROWS}
              spellCheck={false}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
        <label className="choice">
          <input
            type="checkbox"
            checked={isComplete}
            onChange={(event) => setComplete(event.target.checked)}
          />
          {t('todo.list.complete')}
        </label>
        <p className="quiet-text">{t('todo.list.completeHelp')}</p>
        {isComplete && (
          <div className="fields">
            {(['from', 'to'] as const).map((end) => (
              <TextField
                key={end}
                type="date"
                label={t(`todo.list.${end}`)}
                help={t('todo.list.daysHelp')}
                value={days[end]}
                onValue={(day) => setDays({ ...days, [end]: day })}
              />
            ))}
          </div>
        )}
        {hasWrongLines && <p className="wrong-lines">{t('todo.list.wrong')}</p>}
        {taking.error !== null && <ProblemNote error={taking.error} />}
        <div className="row end">
          <button type="button" className="quiet" onClick={onClose}>
            {t('cancel')}
          </button>
          {hasWrongLines && (
            <button
              type="button"
              className="quiet"
              disabled={taking.isPending}
              onClick={() => taking.mutate(true)}
            >
              {t('todo.list.partial')}
            </button>
          )}
          <button type="submit" disabled={taking.isPending}>
            {t('todo.list.go')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

const isOfText = ({ expression }: { readonly expression: string | null }): boolean => expression === 'text';

function useTold(): (taken: ListTaken) => string {
  const { t } = useWords();
  return ({ rows, wrong, calendars }) =>
    [
      t('todo.list.taken', { count: rows }),
      ...(wrong.length > 0 ? [t('todo.list.left', { count: wrong.length })] : []),
      ...(calendars.some(({ isSuspect }) => isSuspect) ? [t('todo.list.suspect')] : []),
    ].join(' ');
}
