import { useWords } from '../i18n/use-words.ts';
import type { Adapter } from './model.ts';
import { bySubject } from './subjects.ts';

/** Every case of the conformance suite and what became of it, by what it is about. Cases are titled in English alone. */
export function Report({ report }: { readonly report: NonNullable<Adapter['report']> }) {
  const { t } = useWords();
  return bySubject(report.cases).map(({ subject, cases, passed }) => (
    <details key={subject ?? 'others'} className="subject" open={passed < cases.length}>
      <summary>
        {t(`connections.report.subjects.${subject ?? 'others'}`)}{' '}
        <span className="quiet-text number">
          {passed}/{cases.length}
        </span>
      </summary>
      <ul className="cases">
        {cases.map(({ id, title, outcome, reason }) => (
          <li key={id}>
            <span className={`badge ${outcome === 'passed' ? 'free' : outcome === 'failed' ? 'wrong' : ''}`}>
              {t(`connections.report.outcomes.${outcome}`)}
            </span>{' '}
            <span lang="en">{title}</span>
            {reason !== null && (
              <span className="help" lang="en">
                {reason}
              </span>
            )}
          </li>
        ))}
      </ul>
    </details>
  ));
}
