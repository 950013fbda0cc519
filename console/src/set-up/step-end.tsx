import { Refusal } from '../configuration/commands.ts';
import { ProblemList } from '../configuration/problem-list.tsx';
import { SaveFailure } from '../configuration/save-failure.tsx';
import type { useChange } from '../configuration/use-configuration.ts';
import { useWords } from '../i18n/use-words.ts';

/** How a step ends that is a form: what was wrong with it, and the button that saves it. */
export function StepEnd({
  saving,
  isWhole,
}: {
  readonly saving: ReturnType<typeof useChange>;
  readonly isWhole: boolean;
}) {
  const { t } = useWords();
  return (
    <>
      {saving.error instanceof Refusal && <ProblemList problems={saving.error.problems} settings={{}} />}
      <SaveFailure error={saving.error} isThisOne={false} onReload={() => undefined} />
      <div className="row end">
        <button type="submit" disabled={saving.isPending || !isWhole}>
          {t(saving.isPending ? 'connect.saving' : 'setUp.saveAndGoOn')}
        </button>
      </div>
    </>
  );
}
