import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Refusal, Superseded } from '../configuration/commands.ts';
import type { Configuration } from '../configuration/model.ts';
import { ProblemList } from '../configuration/problem-list.tsx';
import { SaveFailure } from '../configuration/save-failure.tsx';
import { useWords } from '../i18n/use-words.ts';
import { Dialog } from '../parts/dialog.tsx';
import { useNotices } from '../parts/notices.tsx';
import { type Draft, policyIn, RULES, type Rule } from './draft.ts';
import type { RuledSchedule } from './model.ts';
import { saveRules } from './save.ts';
import { ruleText, scheduleText } from './texts.ts';

/** Says what will be otherwise, and for whom, before it is written. */
export function SaveDialog({
  schedule,
  others,
  before,
  draft,
  rules,
  configuration,
  onClose,
  onSaved,
}: {
  readonly schedule: RuledSchedule;
  readonly others: readonly RuledSchedule[];
  readonly before: Draft;
  readonly draft: Draft;
  /** That were changed. */
  readonly rules: readonly Rule[];
  readonly configuration: Configuration;
  readonly onClose: () => void;
  readonly onSaved: () => Promise<void>;
}) {
  const { t, language } = useWords();
  const notify = useNotices();
  const [also, setAlso] = useState<ReadonlySet<string>>(new Set());
  const [done, setDone] = useState<readonly string[]>([]);
  const saving = useMutation({
    mutationFn: () =>
      saveRules({
        scheduleIds: [schedule.id, ...also],
        policy: policyIn(draft),
        // Who is given the same rules is given all of them.
        rules: also.size > 0 ? RULES : rules,
        configuration,
        onSaved: (id) => setDone((all) => [...all, id]),
      }),
    onSuccess: async () => {
      notify({ text: t('policies.save.done', { count: 1 + also.size }) });
      onClose();
      await onSaved();
    },
  });
  const titles = new Map(
    [schedule, ...others].flatMap(({ calendars }) =>
      calendars.map(({ connection, title }) => [connection, title[language]]),
    ),
  );
  const titleOf = (id: string): string => titles.get(id) ?? id;
  const isStale = saving.error instanceof Superseded;
  const close = (): void => {
    onClose();
    if (done.length > 0) void onSaved();
  };
  return (
    <Dialog title={t('policies.save.title')} onClose={close}>
      <p>{scheduleText(schedule)}</p>
      <dl className="facts changes">
        {rules.map((rule) => (
          <div key={rule}>
            <dt>{t(`policies.${rule}.title`)}</dt>
            <dd>
              <del>{ruleText(rule, before, titleOf)}</del> <ins>{ruleText(rule, draft, titleOf)}</ins>
            </dd>
          </div>
        ))}
      </dl>
      <p className="help">{t('policies.save.restarts')}</p>
      {others.length > 0 && (
        <details>
          <summary>{t('policies.save.also')}</summary>
          <p className="help">{t('policies.save.alsoHelp')}</p>
          {others.map((each) => (
            <label key={each.id} className="choice">
              <input
                type="checkbox"
                checked={also.has(each.id)}
                onChange={({ target }) =>
                  setAlso(
                    (all) =>
                      new Set([...all].filter((id) => id !== each.id).concat(target.checked ? each.id : [])),
                  )
                }
              />
              {scheduleText(each)}
            </label>
          ))}
        </details>
      )}
      {isStale && (
        <p className="note warn" role="alert">
          {t('policies.save.stale')}
        </p>
      )}
      {saving.error instanceof Refusal && <ProblemList problems={saving.error.problems} settings={{}} />}
      {!isStale && <SaveFailure error={saving.error} isThisOne={false} onReload={() => undefined} />}
      {saving.error !== null && done.length > 0 && (
        <p className="note warn">{t('policies.save.some', { count: done.length })}</p>
      )}
      <div className="row end">
        <button type="button" className="quiet" onClick={close}>
          {t('cancel')}
        </button>
        {isStale || done.length > 0 ? (
          <button
            type="button"
            disabled={saving.isPending}
            onClick={() => {
              onClose();
              void onSaved();
            }}
          >
            {t('policies.save.readAgain')}
          </button>
        ) : (
          <button type="button" disabled={saving.isPending} onClick={() => saving.mutate()}>
            {saving.isPending ? t('policies.save.under') : t('policies.save.confirm')}
          </button>
        )}
      </div>
    </Dialog>
  );
}
