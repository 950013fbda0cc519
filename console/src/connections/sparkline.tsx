import { useWords } from '../i18n/use-words.ts';
import type { History } from './model.ts';
import { extremesOf, HEIGHT, linesOf, type Value, WIDTH } from './sparkline.ts';

/** One figure over the hours that are shown; what it says is also said in words. */
export function Sparkline({
  title,
  help,
  history,
  values,
  least,
  textOf,
}: {
  readonly title: string;
  readonly help: string;
  readonly history: Pick<History, 'from' | 'before' | 'stepSeconds'>;
  readonly values: readonly Value[];
  /** What the top stands for at the least, so that small changes of what is well do not look like mountains. */
  readonly least: number;
  readonly textOf: (value: number) => string;
}) {
  const { t } = useWords();
  const extremes = extremesOf(values);
  const box = {
    from: Date.parse(history.from),
    before: Date.parse(history.before),
    step: history.stepSeconds * 1000,
    least,
  };
  const said = extremes && {
    min: textOf(extremes.min),
    max: textOf(extremes.max),
    now: textOf(extremes.now),
  };
  return (
    <figure className="sparkline">
      <figcaption>
        <strong>{title}</strong>
        <span className="number">{said ? said.now : t('connections.history.nothing')}</span>
      </figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${title}. ${said ? t('connections.history.said', said) : t('connections.history.nothing')}`}
      >
        <line x1="0" y1={HEIGHT - 1} x2={WIDTH} y2={HEIGHT - 1} />
        {linesOf(values, box).map((points) => (
          <polyline key={points} points={points} />
        ))}
      </svg>
      <p className="help">
        {help} {said && said.min !== said.max && t('connections.history.range', said)}
      </p>
    </figure>
  );
}
