import { useWords } from '../i18n/use-words.ts';
import { dayOf, shortDayText, spanText } from '../time/zone.ts';
import { useLook, useTitles } from './look.ts';
import type { Booking, Proposal } from './model.ts';
import { isMovable } from './movable.ts';

/** Where a booking could go, the nearest first: what its platform moves is a button, the rest is for the telephone. */
export function Proposals({
  letter,
  booking,
  proposals,
  zone,
  onMove,
}: {
  readonly letter: string;
  readonly booking: Booking;
  readonly proposals: readonly Proposal[];
  readonly zone: string;
  readonly onMove: (proposal: Proposal) => void;
}) {
  const { t } = useWords();
  const { mayOperate } = useLook();
  const titleOf = useTitles();
  const when = ({ start, end }: Proposal): string => {
    const span = spanText(start, end, zone);
    if (dayOf(start, zone) === dayOf(booking.start, zone)) return span;
    return t('todo.conflict.moveTo', { day: shortDayText(start, zone), span });
  };
  const near = proposals.filter((each) => mayOperate && isMovable(booking, each));
  const elsewhere = proposals.filter((each) => !near.includes(each));
  return (
    <>
      {near.length > 0 && (
        <>
          <h5>{t('todo.conflict.move', { letter })}</h5>
          <ul className="bare moves">
            {near.map((proposal) => (
              <li key={proposal.slot}>
                <button type="button" className="quiet" onClick={() => onMove(proposal)}>
                  {booking.connection === proposal.connection
                    ? when(proposal)
                    : t('todo.conflict.elsewhereOn', {
                        when: when(proposal),
                        platform: titleOf(proposal.connection),
                      })}
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      {elsewhere.length > 0 && (
        <>
          <h5>{t('todo.conflict.elsewhere')}</h5>
          <ul className="elsewhere">
            {elsewhere.map((proposal) => (
              <li key={proposal.slot}>
                {t('todo.conflict.elsewhereOn', {
                  when: when(proposal),
                  platform: titleOf(proposal.connection),
                })}
              </li>
            ))}
          </ul>
        </>
      )}
      {proposals.length === 0 && <p className="quiet-text">{t('todo.conflict.none')}</p>}
    </>
  );
}
