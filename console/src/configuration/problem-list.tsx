import { useEffect, useRef } from 'react';
import { type FieldProblem, messageIn } from '../form/context.ts';
import { placeText, type SchemaNode } from '../form/schema.ts';
import { useWords } from '../i18n/use-words.ts';

/** All that is wrong, above the form: also what is about no field of it. */
export function ProblemList({
  problems,
  settings,
}: {
  readonly problems: readonly (FieldProblem & { readonly path: string })[];
  readonly settings: SchemaNode;
}) {
  const { t, language } = useWords();
  const list = useRef<HTMLDivElement>(null);
  // What was pressed may be far below.
  useEffect(() => {
    if (problems.length > 0) list.current?.focus();
  }, [problems]);
  if (problems.length === 0) return null;
  return (
    <div className="note wrong" role="alert" tabIndex={-1} ref={list}>
      <p>{t('form.wrong', { count: problems.length })}</p>
      <ul>
        {problems.map((problem) => {
          const { field, path, message } = problem;
          const isEnglish = language === 'fr' && message.fr === undefined;
          return (
            <li key={`${path} ${message.en}`}>
              {placeOf(field ?? path)}{' '}
              <span lang={isEnglish ? 'en' : undefined}>{messageIn(problem, language)}</span>
            </li>
          );
        })}
      </ul>
    </div>
  );

  function placeOf(field: string): string {
    if (field === '') return '';
    const isSetting = field.startsWith('settings.');
    return `${isSetting ? placeText(settings, field.slice('settings.'.length), language) : field} :`;
  }
}
