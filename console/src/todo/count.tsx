import { useWords } from '../i18n/use-words.ts';
import { useNow } from '../time/use-now.ts';
import { countOf } from './items.ts';
import { useWaiting } from './use-waiting.ts';

const NOW_MILLISECONDS = 15_000;

/** How much waits for a person, beside the name of the page on every page. */
export function TodoCount() {
  const { t } = useWords();
  const { data } = useWaiting();
  const now = useNow(NOW_MILLISECONDS);
  const count = data ? countOf(data, now) : 0;
  if (count === 0) return null;
  return (
    <span className="count">
      <span aria-hidden="true">{count}</span>
      <span className="visually-hidden"> ({t('todo.count', { count })})</span>
    </span>
  );
}
