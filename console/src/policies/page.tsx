import { useState } from 'react';
import { useSearchParams } from 'wouter';
import { hasDuty, type Session } from '../api/session.ts';
import { useConfiguration } from '../configuration/use-configuration.ts';
import { useWords } from '../i18n/use-words.ts';
import type { PageProps } from '../pages.tsx';
import { SelectField } from '../parts/field.tsx';
import { ProblemNote } from '../parts/problem-note.tsx';
import { changedRules, draftOf, policyIn } from './draft.ts';
import { RulesForm } from './form.tsx';
import type { RuledSchedule, Week } from './model.ts';
import { PreviewPart } from './preview.tsx';
import { SaveDialog } from './save-dialog.tsx';
import { scheduleText } from './texts.ts';
import { usePolicies, usePreview, useReadAgain } from './use-policies.ts';
import '../style/policies.css';

/** The rules of one schedule, and what the last days would have been under others. Which schedule is in the address. */
export default function PoliciesPage({ session }: PageProps) {
  const { t } = useWords();
  const [parameters, setParameters] = useSearchParams();
  const { data, error, refetch, dataUpdatedAt } = usePolicies();
  if (!data) {
    return error ? (
      <ProblemNote error={error} onRetry={() => void refetch()} />
    ) : (
      <p className="loading">{t('loading')}</p>
    );
  }
  const { schedules } = data;
  const wanted = parameters.get('schedule');
  const chosen = schedules.find(({ id }) => id === wanted) ?? schedules[0];
  return (
    <div className="policies">
      <div className="page-head">
        <h1>{t('pages.policies')}</h1>
        <p className="quiet-text">{t('policies.intro')}</p>
      </div>
      {!chosen && <p>{t('policies.none')}</p>}
      {chosen && (
        <>
          <SelectField
            label={t('policies.schedule')}
            value={chosen.id}
            options={schedules.map((each) => ({ value: each.id, text: scheduleText(each) }))}
            onValue={(schedule) => setParameters({ schedule })}
          />
          <Rules
            key={`${chosen.id} ${dataUpdatedAt}`}
            schedule={chosen}
            others={schedules.filter((each) => each !== chosen)}
            session={session}
          />
        </>
      )}
    </div>
  );
}

function Rules({
  schedule,
  others,
  session,
}: {
  readonly schedule: RuledSchedule;
  readonly others: readonly RuledSchedule[];
  readonly session: Session;
}) {
  const { t } = useWords();
  const connections = schedule.calendars.map(({ connection }) => connection);
  const before = draftOf(schedule.policy, connections);
  const [draft, setDraft] = useState(before);
  const [isSaving, setSaving] = useState(false);
  const readAgain = useReadAgain();
  const mayAdminister = hasDuty(session, 'administer');
  const configuration = useConfiguration(session);
  const policy = policyIn(draft);
  const [week, setWeek] = useState<Week>('last');
  const preview = usePreview(schedule.id, policy, week);
  const rules = changedRules(policyIn(before), policy);
  const problems = preview.data?.problems ?? [];
  return (
    <div className="columns">
      <div className="sheet">
        <RulesForm draft={draft} schedule={schedule} problems={problems} onChange={setDraft} />
        <div className="row bar no-print">
          {mayAdminister && (
            <button
              type="button"
              disabled={rules.length === 0 || problems.length > 0 || !isWritable(configuration)}
              onClick={() => setSaving(true)}
            >
              {t('policies.save.act')}
            </button>
          )}
          <button
            type="button"
            className="quiet"
            disabled={rules.length === 0}
            onClick={() => setDraft(before)}
          >
            {t('policies.reset')}
          </button>
          <a className="to-preview" href="#preview">
            {t('policies.preview.see')}
          </a>
          <span className="quiet-text" role="status">
            {rules.length > 0 && t('policies.changed', { count: rules.length })}
          </span>
        </div>
        <WhyNot mayAdminister={mayAdminister} configuration={configuration} />
      </div>
      <PreviewPart schedule={schedule} preview={preview} week={week} onWeek={setWeek} />
      {isSaving && configuration.data && (
        <SaveDialog
          {...{ schedule, others, before, draft, rules }}
          configuration={configuration.data}
          onClose={() => setSaving(false)}
          onSaved={readAgain}
        />
      )}
    </div>
  );
}

type Read = ReturnType<typeof useConfiguration>;

const isWritable = ({ data }: Read): boolean =>
  data ? data.writable.isWritable && data.running === data.revision : false;

/** Why nothing is saved from here, where that is so. */
function WhyNot({
  mayAdminister,
  configuration,
}: {
  readonly mayAdminister: boolean;
  readonly configuration: Read;
}) {
  const { t, language } = useWords();
  const { data, error, refetch } = configuration;
  if (!mayAdminister) return <p className="note">{t('policies.save.notYours')}</p>;
  if (data === null) return <p className="note">{t('policies.save.noFile')}</p>;
  if (error) return <ProblemNote error={error} onRetry={() => void refetch()} />;
  if (!data) return null;
  const { isWritable, reason } = data.writable;
  if (!isWritable) {
    return (
      <p className="note">
        {t('policies.save.notWritable')} {reason?.[language]}.
      </p>
    );
  }
  if (data.running === data.revision) return null;
  return (
    <div className="note warn">
      <p>{t('policies.save.otherRuns')}</p>
      <button type="button" className="quiet" onClick={() => void refetch()}>
        {t('policies.save.readAgain')}
      </button>
    </div>
  );
}
