import { useWords } from '../i18n/use-words.ts';
import { Card } from './card.tsx';
import { useLook } from './look.ts';
import { MainButton } from './main-button.tsx';
import type { Connection, Unreadable } from './model.ts';
import { RecordsDialog } from './records-dialog.tsx';
import { Since } from './since.tsx';
import type { UnmappedCode } from './unmapped.ts';

/** What a platform told and could not be read: nearly all of it, some records, or only a code in them. */

export function UnreadableCard({
  connection,
  unreadable: { since, records, unread },
}: {
  readonly connection: Connection;
  readonly unreadable: Unreadable;
}) {
  const { t, language } = useWords();
  const platform = connection.title[language];
  return (
    <Card
      title={t('todo.unreadable.title', { platform })}
      badges={<Since at={since} isWrong />}
      happened={t('todo.unreadable.happened', { unread, records })}
      means={t('todo.unreadable.means')}
      todo={t('todo.unreadable.do', { platform })}
      actions={<LookAtRecords connection={connection} />}
    />
  );
}

export function SetAsideCard({
  connection,
  records,
}: {
  readonly connection: Connection;
  readonly records: number;
}) {
  const { t, language } = useWords();
  const platform = connection.title[language];
  return (
    <Card
      title={t('todo.setAside.title', { count: records, platform })}
      means={t('todo.setAside.means')}
      todo={t('todo.setAside.do', { platform })}
      actions={<LookAtRecords connection={connection} />}
    />
  );
}

export function UnmappedCard({
  connection,
  unmapped: { code, field },
  records,
}: {
  readonly connection: Connection;
  readonly unmapped: UnmappedCode;
  readonly records: number;
}) {
  const { t, language } = useWords();
  const platform = connection.title[language];
  return (
    <Card
      title={t('todo.unmapped.title', { platform, code: code ?? t('todo.unmapped.notACode') })}
      happened={t('todo.unmapped.happened', { count: records, field })}
      means={t('todo.unmapped.means')}
      todo={t('todo.unmapped.do', { platform, folder: connection.platform })}
      actions={<LookAtRecords connection={connection} />}
    />
  );
}

function LookAtRecords({ connection }: { readonly connection: Connection }) {
  const { t } = useWords();
  const { mayOperate, show } = useLook();
  if (!mayOperate) return null;
  return (
    <MainButton
      className="quiet"
      onClick={() => show(<RecordsDialog connection={connection} onClose={() => show(null)} />)}
    >
      {t('todo.setAside.look')}
    </MainButton>
  );
}
