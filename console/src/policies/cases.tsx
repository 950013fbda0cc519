import { useWords } from '../i18n/use-words.ts';
import { shortDayText, spanText, timeText } from '../time/zone.ts';
import type { Case, Previewed, RuledSchedule, Verdict } from './model.ts';

/** How many are drawn before somebody asks for the others. */
const SHOWN = 8;

/** What would have been otherwise, one by one; nobody is named. */
export function Cases({
  preview,
  schedule,
}: {
  readonly preview: Previewed;
  readonly schedule: RuledSchedule;
}) {
  const { t } = useWords();
  const { cases, casesTotal } = preview;
  const first = cases.slice(0, SHOWN);
  const more = cases.slice(SHOWN);
  return (
    <>
      <h3>{t('policies.cases.title')}</h3>
      {cases.length === 0 && <p className="quiet-text">{t('policies.cases.none')}</p>}
      <List cases={first} schedule={schedule} />
      {more.length > 0 && (
        <details>
          <summary>{t('policies.cases.more', { count: more.length })}</summary>
          <List cases={more} schedule={schedule} />
          {casesTotal > cases.length && (
            <p className="quiet-text">{t('policies.cases.shown', { shown: cases.length, of: casesTotal })}</p>
          )}
        </details>
      )}
    </>
  );
}

function List({ cases, schedule }: { readonly cases: readonly Case[]; readonly schedule: RuledSchedule }) {
  const { t, language } = useWords();
  const { timeZone } = schedule;
  const titles = new Map(schedule.calendars.map(({ connection, title }) => [connection, title[language]]));
  return (
    <ul className="bare cases">
      {cases.map((each) => (
        <li key={`${each.kind} ${each.at} ${each.start} ${each.connection}`}>
          <span className="what">
            {t(`policies.cases.kinds.${each.kind}`)}{' '}
            <span className="number">
              {shortDayText(each.start, timeZone)}, {spanText(each.start, each.end, timeZone)}
            </span>
            {each.connection !== null && ` · ${titles.get(each.connection) ?? each.connection}`}
          </span>
          <span className="help">
            {t(`policies.cases.at.${each.kind}`, {
              when: `${shortDayText(each.at, timeZone)}, ${timeText(each.at, timeZone)}`,
            })}
          </span>
          {isOtherwise(each.current) && <Outcome name={t('policies.preview.today')} verdict={each.current} />}
          <Outcome name={t('policies.preview.tried')} verdict={each.candidate} />
        </li>
      ))}
    </ul>
  );
}

function Outcome({ name, verdict }: { readonly name: string; readonly verdict: Verdict }) {
  const { t, language } = useWords();
  return (
    <span className={`verdict ${verdict.outcome}`}>
      {name} : {t(`policies.cases.outcomes.${verdict.outcome}`)}
      {verdict.reason !== null && ` – ${verdict.reason[language]}`}
    </span>
  );
}

/** Than it was. */
const isOtherwise = ({ outcome }: Verdict): boolean => outcome !== 'possible' && outcome !== 'asked';
