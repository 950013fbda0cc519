import { useWords } from '../i18n/use-words.ts';
import type { Forecast } from './model.ts';
import { hoursText } from './texts.ts';

/** How many hours each platform had to sell, and what became of them: today’s rules above those of the form. */
export function SharesChart({
  current,
  candidate,
}: {
  readonly current: Forecast;
  readonly candidate: Forecast;
}) {
  const { t, language } = useWords();
  const both = [
    { name: t('policies.preview.today'), platforms: current.platforms },
    { name: t('policies.preview.tried'), platforms: candidate.platforms },
  ];
  const most = Math.max(1, ...both.flatMap(({ platforms }) => platforms.map((each) => each.minutesOffered)));
  if (both.every(({ platforms }) => platforms.every(({ minutesOffered }) => minutesOffered === 0)))
    return <p className="quiet-text">{t('policies.chart.none')}</p>;
  return (
    <figure className="shares">
      <figcaption>
        <span className="key here">{t('policies.chart.here')}</span>
        <span className="key elsewhere">{t('policies.chart.elsewhere')}</span>
        <span className="key unsold">{t('policies.chart.unsold')}</span>
      </figcaption>
      {current.platforms.map(({ connection, title }) => (
        <div key={connection} className="platform">
          <h4>{title[language]}</h4>
          {both.map(({ name, platforms }) => {
            const found = platforms.find((each) => each.connection === connection);
            return found && <Bar key={name} name={name} of={found} most={most} />;
          })}
        </div>
      ))}
    </figure>
  );
}

function Bar({
  name,
  of: { title, minutesOffered, minutesSold, minutesSoldElsewhere },
  most,
}: {
  readonly name: string;
  readonly of: Forecast['platforms'][number];
  readonly most: number;
}) {
  const { t, language } = useWords();
  const width = (minutes: number): number => (100 * minutes) / most;
  const said = t('policies.chart.said', {
    offered: hoursText(minutesOffered),
    here: hoursText(minutesSold),
    elsewhere: hoursText(minutesSoldElsewhere),
    unsold: hoursText(minutesOffered - minutesSold - minutesSoldElsewhere),
  });
  return (
    <div className="bar">
      <span className="help">{name}</span>
      <svg
        viewBox="0 0 100 8"
        preserveAspectRatio="none"
        role="img"
        aria-label={`${title[language]}, ${name}. ${said}`}
      >
        <rect className="unsold" width={width(minutesOffered)} height="8" />
        <rect className="here" width={width(minutesSold)} height="8" />
        <rect className="elsewhere" x={width(minutesSold)} width={width(minutesSoldElsewhere)} height="8" />
      </svg>
      <span className="help number">{hoursText(minutesOffered)}</span>
    </div>
  );
}
