import { useWords } from '../i18n/use-words.ts';
import { ProblemNote } from '../parts/problem-note.tsx';
import { dayText } from '../time/zone.ts';
import type { Adapter, Connection } from './model.ts';
import { Report } from './report.tsx';
import { durationText, zoneOf } from './texts.ts';
import { useAdapter } from './use-connections.ts';

/** What its platform can do, how that is known, and what proves it. */
export function AbilityPart({ connection }: { readonly connection: Connection }) {
  const { t } = useWords();
  const { data, error, refetch } = useAdapter(connection.platform);
  return (
    <section aria-labelledby="ability">
      <h3 id="ability">{t('connections.ability.title')}</h3>
      {error !== null && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {data && <Ability adapter={data} zone={zoneOf(connection.timeZone)} />}
    </section>
  );
}

export function Ability({ adapter, zone }: { readonly adapter: Adapter; readonly zone: string }) {
  const { t } = useWords();
  const { grade, contract, limits, report } = adapter;
  return (
    <>
      <p>
        <span className={`badge grade ${grade ?? 'none'}`}>
          {t(`connections.ability.grades.${grade ?? 'none'}`)}
        </span>{' '}
        {t(`connections.ability.gradeSays.${grade ?? 'none'}`)}
      </p>
      <p>{t(`connections.ability.contracts.${contract}`)}</p>
      <Capabilities adapter={adapter} />
      <p className="help">
        {t('connections.ability.limits', {
          requests: limits.requests,
          window: durationText(limits.windowMilliseconds),
          timeout: durationText(limits.timeoutMilliseconds),
        })}
      </p>
      {report && (
        <details>
          <summary>
            {t('connections.report.title')}
            {adapter.cases && ` : ${t('connections.report.passed', { count: adapter.cases.passed })}`}
            {adapter.cases &&
              adapter.cases.exempt > 0 &&
              `, ${t('connections.report.exempt', { count: adapter.cases.exempt })}`}
          </summary>
          <p className="help">
            {t('connections.report.run', { when: dayText(report.at, zone) })}{' '}
            {report.targets
              .map(({ name, stage }) =>
                name === stage
                  ? t(`connections.report.stages.${stage}`)
                  : `${name} (${t(`connections.report.stages.${stage}`)})`,
              )
              .join(', ')}
          </p>
          <Report report={report} />
        </details>
      )}
    </>
  );
}

function Capabilities({ adapter }: { readonly adapter: Adapter }) {
  const { t, language } = useWords();
  return (
    <ul className="capabilities">
      {adapter.capabilities.map(({ capability, says, proof, provedBy }) => (
        <li key={capability}>
          <span className={`mark ${proof ?? 'none'}`} aria-hidden="true">
            {proof === 'proven' ? '✓' : proof === 'refuted' ? '✗' : '·'}
          </span>
          <span>
            {says[language]}{' '}
            <span className="help">
              {proof === 'proven'
                ? t('connections.ability.proven', { count: provedBy.length })
                : t(`connections.ability.${proof ?? 'noReport'}`)}
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}
