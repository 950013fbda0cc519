import { useState } from 'react';
import { useWords } from '../i18n/use-words.ts';
import { ProblemNote } from '../parts/problem-note.tsx';
import type { Connection, HistoryPoint } from './model.ts';
import type { Value } from './sparkline.ts';
import { Sparkline } from './sparkline.tsx';
import { countText, durationText } from './texts.ts';
import { useHistory } from './use-connections.ts';

const RANGES = { hour: 1, day: 24, week: 168 } as const;
type Range = keyof typeof RANGES;
const ALL: readonly Range[] = ['hour', 'day', 'week'];
/** A second of lag is nothing, nor is one listing on its way. */
const LAG_LEAST_MILLISECONDS = 5_000;
const DIFFERING_LEAST = 5;

/** How it has been: how late changes arrive there, how old what is read is, and what differs. */
export function HistoryPart({ connection }: { readonly connection: Connection }) {
  const { t } = useWords();
  const [range, setRange] = useState<Range>('day');
  const { data, error, refetch } = useHistory(connection.id, RANGES[range]);
  return (
    <section aria-labelledby="history">
      <div className="page-head">
        <h3 id="history">{t('connections.history.title')}</h3>
        <fieldset className="segmented" aria-label={t('connections.history.over')}>
          {ALL.map((each) => (
            <button key={each} type="button" aria-pressed={each === range} onClick={() => setRange(each)}>
              {t(`connections.history.ranges.${each}`)}
            </button>
          ))}
        </fieldset>
      </div>
      {error !== null && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {data && data.points.length === 0 && <p className="quiet-text">{t('connections.history.none')}</p>}
      {data && data.points.length > 0 && (
        <div className="sparklines">
          <Sparkline
            title={t('connections.history.lag')}
            help={t('connections.history.lagHelp')}
            history={data}
            values={valuesOf(data.points, (point) => point.lagMillisecondsMax)}
            least={LAG_LEAST_MILLISECONDS}
            textOf={durationText}
          />
          {!connection.editedHere && (
            <Sparkline
              title={t('connections.history.age')}
              help={t('connections.history.ageHelp', {
                limit: durationText(connection.freshnessMilliseconds),
              })}
              history={data}
              values={valuesOf(data.points, (point) => point.ageMilliseconds)}
              least={connection.freshnessMilliseconds}
              textOf={durationText}
            />
          )}
          <Sparkline
            title={t('connections.history.differing')}
            help={t('connections.history.differingHelp')}
            history={data}
            values={valuesOf(data.points, (point) => point.differing)}
            least={DIFFERING_LEAST}
            textOf={countText}
          />
        </div>
      )}
    </section>
  );
}

const valuesOf = (
  points: readonly HistoryPoint[],
  figure: (point: HistoryPoint) => number | null,
): readonly Value[] =>
  points.flatMap((point) => {
    const value = figure(point);
    return value === null ? [] : [{ at: Date.parse(point.at), value }];
  });
