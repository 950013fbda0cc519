import { countText } from '../connections/texts.ts';
import { useWords } from '../i18n/use-words.ts';
import { ProblemNote } from '../parts/problem-note.tsx';
import { dayText, shortDayText, timeText } from '../time/zone.ts';
import { Cases } from './cases.tsx';
import { type Forecast, type Previewed, type RuledSchedule, WEEKS, type Week } from './model.ts';
import { SharesChart } from './shares-chart.tsx';
import { hoursText } from './texts.ts';
import type { usePreview } from './use-policies.ts';

/** What a week would have been: today’s rules beside those of the form. */
export function PreviewPart({
  schedule,
  preview: { data, error, isBehind, refetch },
  week,
  onWeek,
}: {
  readonly schedule: RuledSchedule;
  readonly week: Week;
  readonly onWeek: (week: Week) => void;
  readonly preview: ReturnType<typeof usePreview>;
}) {
  const { t } = useWords();
  return (
    <section className="sheet preview" aria-labelledby="preview" aria-busy={isBehind}>
      <div className="page-head">
        <h2 id="preview">{t('policies.preview.title')}</h2>
        <fieldset className="segmented" aria-label={t('policies.preview.week')}>
          {WEEKS.map((each) => (
            <button key={each} type="button" aria-pressed={each === week} onClick={() => onWeek(each)}>
              {t(`policies.preview.weeks.${each}`)}
            </button>
          ))}
        </fieldset>
        <p className="quiet-text" role="status">
          {isBehind ? t('policies.preview.behind') : ''}
        </p>
      </div>
      {error !== null && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {data && data.problems.length > 0 && <p className="note warn">{t('policies.preview.wrong')}</p>}
      {data?.preview && <Days preview={data.preview} schedule={schedule} />}
      {!data && error === null && <p className="loading">{t('loading')}</p>}
    </section>
  );
}

function Days({ preview, schedule }: { readonly preview: Previewed; readonly schedule: RuledSchedule }) {
  const { t, language } = useWords();
  const { current, candidate, unknowns } = preview;
  const isBlank = preview.since !== null && Date.parse(preview.since) >= Date.parse(preview.before);
  const last = new Date(Date.parse(preview.before) - 1).toISOString();
  return (
    <>
      <p className="quiet-text">
        {t('policies.preview.days', {
          from: dayText(preview.from, schedule.timeZone),
          to: dayText(last, schedule.timeZone),
        })}
      </p>
      {preview.since !== null && (
        <p className="note warn">
          {t(isBlank ? 'policies.preview.nothing' : 'policies.preview.since', {
            when: `${shortDayText(preview.since, schedule.timeZone)}, ${timeText(preview.since, schedule.timeZone)}`,
          })}
        </p>
      )}
      {!isBlank && (
        <>
          <h3>{t('policies.chart.title')}</h3>
          <SharesChart current={current} candidate={candidate} />
          <Figures current={current} candidate={candidate} />
          <Cases preview={preview} schedule={schedule} />
        </>
      )}
      <details className="unknowns">
        <summary>{t('policies.preview.unknowns')}</summary>
        <ul>
          {unknowns.map((each) => (
            <li key={each.en}>{each[language]}</li>
          ))}
        </ul>
      </details>
    </>
  );
}

type Figure = { readonly key: FigureKey; readonly of: (forecast: Forecast) => number | null };
type FigureKey =
  | 'bookings'
  | 'share'
  | 'across'
  | 'release'
  | 'outage'
  | 'cancellations'
  | 'moves'
  | 'conflicts'
  | 'settled'
  | 'accepted'
  | 'accepting'
  | 'holdsShorter'
  | 'holdsLonger'
  | 'holdHours';

/** What is nothing under both is not told, but for what everybody looks for. */
const FIGURES: readonly Figure[] = [
  { key: 'bookings', of: ({ bookings }) => bookings.made - bookings.refused },
  { key: 'share', of: ({ bookings }) => bookings.reasons.share },
  { key: 'across', of: ({ bookings }) => bookings.reasons.across },
  { key: 'release', of: ({ bookings }) => bookings.reasons.release },
  { key: 'outage', of: ({ bookings }) => bookings.reasons.outage },
  { key: 'cancellations', of: ({ cancellations }) => cancellations.refused },
  { key: 'moves', of: ({ moves }) => moves.refused },
  { key: 'conflicts', of: ({ conflicts }) => conflicts.arose - conflicts.prevented },
  { key: 'settled', of: ({ conflicts }) => conflicts.settled },
  { key: 'accepted', of: ({ accepted }) => accepted.made - accepted.refused },
  { key: 'holdsShorter', of: ({ holds }) => holds.shorter },
  { key: 'holdsLonger', of: ({ holds }) => holds.longer },
];
const ALWAYS: ReadonlySet<FigureKey> = new Set(['bookings', 'conflicts']);

/** In hours. */
const TIMES: readonly Figure[] = [
  { key: 'accepting', of: ({ outages }) => outages.reduce((sum, each) => sum + each.minutesAccepting, 0) },
  { key: 'holdHours', of: ({ holds }) => holds.minutes },
];

function Figures({ current, candidate }: { readonly current: Forecast; readonly candidate: Forecast }) {
  const { t } = useWords();
  const rows = [
    ...FIGURES.map((figure) => ({ ...figure, textOf: countText })),
    ...TIMES.map((figure) => ({ ...figure, textOf: hoursText })),
  ]
    .map(({ key, of, textOf }) => ({ key, now: of(current) ?? 0, next: of(candidate) ?? 0, textOf }))
    .filter(({ key, now, next }) => ALWAYS.has(key) || now > 0 || next > 0);
  return (
    <table className="figures">
      <thead>
        <tr>
          <th scope="col">{t('policies.preview.what')}</th>
          <th scope="col">{t('policies.preview.today')}</th>
          <th scope="col">{t('policies.preview.tried')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, now, next, textOf }) => (
          <tr key={key} className={now === next ? undefined : 'differs'}>
            <th scope="row">{t(`policies.figures.${key}`)}</th>
            <td className="number">{textOf(now)}</td>
            <td className="number">{textOf(next)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
