import type { ReactNode } from 'react';
import { useWords } from '../i18n/use-words.ts';
import { Field, SelectField } from '../parts/field.tsx';
import { Choice } from './choice.tsx';
import { type Draft, type TextKey, UNITS } from './draft.ts';
import type { Problem, RuledSchedule } from './model.ts';
import { problemText, unitText } from './texts.ts';

type FormProps = {
  readonly draft: Draft;
  readonly schedule: RuledSchedule;
  readonly problems: readonly Problem[];
  readonly onChange: (draft: Draft) => void;
};

/** Each rule in plain words, with what it costs and brings. */
export function RulesForm(props: FormProps) {
  return (
    <form className="rules" onSubmit={(event) => event.preventDefault()}>
      <Sharing {...props} />
      <Release {...props} />
      <Holds {...props} />
      <Cancellation {...props} />
      <Failover {...props} />
      <Conflicts {...props} />
    </form>
  );
}

function Sharing({ draft, schedule, problems, onChange }: FormProps) {
  const { t, language } = useWords();
  const titles = new Map(schedule.calendars.map(({ connection, title }) => [connection, title[language]]));
  return (
    <Choice
      title={t('policies.sharing.title')}
      value={draft.sharing}
      options={(['shared', 'hold-first', 'allotted'] as const).map((value) => ({
        value,
        text: t(`policies.sharing.${value}.text`),
        says: t(`policies.sharing.${value}.says`),
      }))}
      onValue={(sharing) => onChange({ ...draft, sharing })}
      problem={<Wrong of="sharing" problems={problems} />}
    >
      {draft.sharing === 'allotted' && (
        <div className="details">
          <p className="help">{t('policies.sharing.sharesHelp')}</p>
          <div className="fields">
            {Object.entries(draft.shares).map(([id, share]) => (
              <NumberField
                key={id}
                label={t('policies.sharing.share', { title: titles.get(id) ?? id })}
                value={share}
                wrong={wrongOf(`sharing.shares.${id}`, problems)}
                onValue={(value) => onChange({ ...draft, shares: { ...draft.shares, [id]: value } })}
              />
            ))}
            <Text of="pooledHours" path="sharing.pooledHoursBefore" {...{ draft, problems, onChange }} />
            <SelectField
              label={t('policies.fields.unitMinutes.label')}
              help={t('policies.fields.unitMinutes.help')}
              value={draft.unitMinutes}
              options={UNITS.map((value) => ({ value, text: unitText(Number(value)) }))}
              onValue={(unitMinutes) => onChange({ ...draft, unitMinutes })}
            />
          </div>
        </div>
      )}
    </Choice>
  );
}

function Release({ draft, problems, onChange }: FormProps) {
  const { t } = useWords();
  return (
    <Choice
      title={t('policies.release.title')}
      value={draft.release}
      options={(['always', 'hoursBefore', 'atMidnight'] as const).map((value) => ({
        value,
        text: t(`policies.release.${value}.text`),
        says: t(`policies.release.${value}.says`),
      }))}
      onValue={(release) => onChange({ ...draft, release })}
      problem={<Wrong of="release" problems={problems} />}
    >
      {draft.release === 'hoursBefore' && (
        <Text of="releaseHours" path="release.hoursBefore" {...{ draft, problems, onChange }} />
      )}
      {draft.release === 'atMidnight' && (
        <Text of="releaseDays" path="release.atMidnight.daysBefore" {...{ draft, problems, onChange }} />
      )}
    </Choice>
  );
}

function Holds({ draft, problems, onChange }: FormProps) {
  const { t } = useWords();
  return (
    <fieldset className="rule">
      <legend>{t('policies.holds.title')}</legend>
      <p className="help">{t('policies.holds.says')}</p>
      <div className="fields">
        <Text of="holdMinutes" path="holds.minutes" {...{ draft, problems, onChange }} />
        <Text of="holdMost" path="holds.maxMinutes" {...{ draft, problems, onChange }} />
      </div>
      <Wrong of="holds" problems={problems} />
    </fieldset>
  );
}

function Cancellation({ draft, problems, onChange }: FormProps) {
  const { t } = useWords();
  return (
    <fieldset className="rule">
      <legend>{t('policies.cancellation.title')}</legend>
      <p className="help">{t('policies.cancellation.says')}</p>
      <Text of="cancelUntil" path="cancellation.untilHoursBefore" {...{ draft, problems, onChange }} />
      <Wrong of="cancellation" problems={problems} />
    </fieldset>
  );
}

function Failover({ draft, problems, onChange }: FormProps) {
  const { t } = useWords();
  return (
    <Choice
      title={t('policies.failover.title')}
      value={draft.failover}
      options={(['refuse', 'accept'] as const).map((value) => ({
        value,
        text: t(`policies.failover.${value}.text`),
        says: t(`policies.failover.${value}.says`),
      }))}
      onValue={(failover) => onChange({ ...draft, failover })}
      problem={<Wrong of="failover" problems={problems} />}
    >
      {draft.failover === 'accept' && (
        <div className="fields details">
          <Text of="forHours" path="failover.forHours" {...{ draft, problems, onChange }} />
          <Text of="failoverUntil" path="failover.untilHoursBefore" {...{ draft, problems, onChange }} />
        </div>
      )}
    </Choice>
  );
}

function Conflicts({ draft, problems, onChange }: FormProps) {
  const { t } = useWords();
  return (
    <Choice
      title={t('policies.conflicts.title')}
      value={draft.conflicts}
      options={(['ask', 'keep-first'] as const).map((value) => ({
        value,
        text: t(`policies.conflicts.${value}.text`),
        says: t(`policies.conflicts.${value}.says`),
      }))}
      onValue={(conflicts) => onChange({ ...draft, conflicts })}
      problem={<Wrong of="conflicts" problems={problems} />}
    />
  );
}

/** A number of the draft. @param path of it in the policy. */
function Text({
  of,
  path,
  draft,
  problems,
  onChange,
}: Pick<FormProps, 'draft' | 'problems' | 'onChange'> & {
  readonly of: Exclude<TextKey, 'unitMinutes'>;
  readonly path: string;
}) {
  const { t } = useWords();
  return (
    <NumberField
      label={t(`policies.fields.${of}.label`)}
      help={t(`policies.fields.${of}.help`)}
      value={draft[of]}
      wrong={wrongOf(path, problems)}
      onValue={(value) => onChange({ ...draft, [of]: value })}
    />
  );
}

/** Typed freely: what is no number is told so beside it. */
function NumberField({
  label,
  help,
  wrong,
  value,
  onValue,
}: {
  readonly label: string;
  readonly help?: string;
  readonly wrong: string | undefined;
  readonly value: string;
  readonly onValue: (value: string) => void;
}) {
  return (
    <Field label={label} help={help} wrong={wrong}>
      {(control) => (
        <input
          {...control}
          inputMode="decimal"
          autoComplete="off"
          value={value}
          onChange={(event) => onValue(event.target.value)}
        />
      )}
    </Field>
  );
}

/** Of a field. */
function wrongOf(path: string, problems: readonly Problem[]): string | undefined {
  const found = problems.find(({ field }) => field === path);
  return found && problemText(found);
}

/** Fields that stand by themselves say what is wrong with them. */
const OWN =
  /^(sharing\.(shares\.|pooledHoursBefore)|release\.(hours|atMid)|holds\.m|cancellation\.u|failover\.(for|until))/;

/** What is wrong with a rule as a whole. */
function Wrong({ of, problems }: { readonly of: string; readonly problems: readonly Problem[] }): ReactNode {
  const found = problems.filter(
    ({ field }) => field !== null && (field === of || field.startsWith(`${of}.`)) && !OWN.test(field),
  );
  return found.map((each) => (
    <p key={`${each.field} ${each.message.en}`} className="wrong" role="alert">
      {problemText(each)}
    </p>
  ));
}
