import { useWords } from '../i18n/use-words.ts';

const KINDS = ['free', 'appointment', 'pending', 'hold', 'block', 'taken', 'withheld'] as const;

export function Legend() {
  const { t } = useWords();
  return (
    <ul className="legend" aria-label={t('agenda.legend')}>
      {KINDS.map((kind) => (
        <li key={kind}>
          <span className={`swatch entry ${kind}`} aria-hidden="true" />
          {t(`agenda.kind.${kind}`)}
        </li>
      ))}
      <li>
        <span className="sign waiting" aria-hidden="true">
          ↻
        </span>
        {t('agenda.sign.waiting')}
      </li>
      <li>
        <span className="sign failing" aria-hidden="true">
          !
        </span>
        {t('agenda.sign.failing')}
      </li>
    </ul>
  );
}
