import { type ReactNode, useId } from 'react';
import { useWords } from '../i18n/use-words.ts';

/** One thing that waits for a person: what happened, what that means for patients, and what to do about it. */
export function Card({
  title,
  badges,
  happened,
  means,
  todo,
  actions,
  children,
}: {
  readonly title: ReactNode;
  readonly badges?: ReactNode;
  /** Left out = the title says it all. */
  readonly happened?: ReactNode;
  readonly means: string;
  readonly todo: string;
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
}) {
  const { t } = useWords();
  const id = useId();
  return (
    <article aria-labelledby={id} className="sheet">
      <header>
        <h3 id={id}>{title}</h3>
        {badges}
      </header>
      {happened !== undefined && <p>{happened}</p>}
      <p className="means">{means}</p>
      <p>
        <strong>{t('todo.do')}</strong> {todo}
      </p>
      {children}
      {actions !== undefined && <div className="row">{actions}</div>}
    </article>
  );
}
