import type { Trial } from '../configuration/model.ts';
import { durationText } from '../connections/texts.ts';
import { useWords } from '../i18n/use-words.ts';

/** Less is told as 0 s. */
const SHOWN_MILLISECONDS_MIN = 100;

/** Whether the platform was reached, and if not, why and what to do. */
export function TrialResult({ trial, isOld }: { readonly trial: Trial; readonly isOld: boolean }) {
  const { t, language } = useWords();
  const { reached } = trial;
  if (reached === null) return null;
  return (
    <div className={reached.isReached ? 'note trial' : 'note trial warn'} role="status">
      <p>
        <strong>
          {t(reached.isReached ? 'connect.trial.reached' : 'connect.trial.notReached', {
            time: durationText(Math.max(SHOWN_MILLISECONDS_MIN, reached.milliseconds)),
          })}
        </strong>
      </p>
      <p className="says">{reached.says[language]}.</p>
      {isOld && <p>{t('connect.trial.old')}</p>}
    </div>
  );
}
