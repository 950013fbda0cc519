import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { hasDuty, type Session } from '../api/session.ts';
import { Refusal } from '../configuration/commands.ts';
import { ProblemList } from '../configuration/problem-list.tsx';
import { SaveFailure } from '../configuration/save-failure.tsx';
import { useChange, useConfiguration } from '../configuration/use-configuration.ts';
import { useWords } from '../i18n/use-words.ts';
import { Dialog } from '../parts/dialog.tsx';
import { useNotices } from '../parts/notices.tsx';
import type { Connection } from './model.ts';

/** For who may administer: a connection is added, changed, or taken out. Where it cannot be from here, it is said why. */

export function AddConnection({
  session,
  isFirst,
}: {
  readonly session: Session;
  readonly isFirst: boolean;
}) {
  const { t, language } = useWords();
  const { data } = useConfiguration(session);
  if (!data) return null;
  const { isWritable, reason } = data.writable;
  if (!isWritable)
    return <p className="help">{t('connect.readOnly', { reason: reason?.[language] ?? '' })}</p>;
  return (
    <div className="row no-print">
      <Link className="button quiet" href="/set-up">
        {t('pages.setUp')}
      </Link>
      <Link className={isFirst ? 'button' : 'button quiet'} href="/connections/edit">
        {t('connect.add')}
      </Link>
    </div>
  );
}

export function ChangeActions({
  connection,
  session,
}: {
  readonly connection: Connection;
  readonly session: Session;
}) {
  const { t } = useWords();
  const { data } = useConfiguration(session);
  const [isAsking, setAsking] = useState(false);
  if (!hasDuty(session, 'administer') || !data?.writable.isWritable) return null;
  return (
    <div className="row change no-print">
      <Link
        className="button quiet"
        href={`/connections/edit?connection=${encodeURIComponent(connection.id)}`}
      >
        {t('connect.edit')}
      </Link>
      <button type="button" className="danger" onClick={() => setAsking(true)}>
        {t('connect.remove.act')}
      </button>
      {isAsking && (
        <RemoveDialog connection={connection} session={session} onClose={() => setAsking(false)} />
      )}
    </div>
  );
}

/** Says first what becomes of it (docs/configuration.md, «What is taken out»). */
function RemoveDialog({
  connection,
  session,
  onClose,
}: {
  readonly connection: Connection;
  readonly session: Session;
  readonly onClose: () => void;
}) {
  const { t, language } = useWords();
  const tell = useNotices();
  const [, go] = useLocation();
  const { data } = useConfiguration(session);
  const removing = useChange();
  const title = connection.title[language];
  const remove = async (): Promise<void> => {
    if (!data) return;
    const changes = [{ edit: 'remove', list: 'connections', id: connection.id }] as const;
    try {
      await removing.mutateAsync({ changes, seen: data });
    } catch {
      // It stands in the dialog.
      return;
    }
    // Also where the page has seen meanwhile that it is gone, and has closed the dialog with it.
    tell({ text: t('connect.remove.done', { title }) });
    onClose();
    go('/connections');
  };
  return (
    <Dialog title={t('connect.remove.title', { title })} onClose={onClose}>
      <ul>
        {connection.editedHere && <li>{t('connect.remove.means.kept')}</li>}
        <li>{t('connect.remove.means.unread')}</li>
        <li>{t('connect.remove.means.stays')}</li>
        <li>{t('connect.remove.means.opens')}</li>
        <li>
          <strong>{t('connect.remove.means.booked')}</strong>
        </li>
        <li>{t('connect.remove.means.again', { id: connection.id })}</li>
      </ul>
      {removing.error instanceof Refusal && <ProblemList problems={removing.error.problems} settings={{}} />}
      <SaveFailure error={removing.error} isThisOne={false} onReload={onClose} />
      <div className="row end">
        <button type="button" className="quiet" onClick={onClose}>
          {t('cancel')}
        </button>
        <button
          type="button"
          className="danger"
          disabled={removing.isPending || !data}
          onClick={() => void remove()}
        >
          {t(removing.isPending ? 'connect.saving' : 'connect.remove.confirm')}
        </button>
      </div>
    </Dialog>
  );
}
