import type { ReactNode } from 'react';
import { useWords } from '../i18n/use-words.ts';
import { spanText } from '../time/zone.ts';
import { type Choice, LETTERS } from './choice.ts';
import { useLook, useTitles } from './look.ts';
import { type Booking, otherSide, type Proposal, type Side } from './model.ts';
import { Proposals } from './proposals.tsx';
import type { WhoComes } from './use-who-comes.ts';

/** One of the two bookings of a conflict: when, who, which platform, and what can be chosen for it. */
export function BookingPanel({
  side,
  booking,
  zone,
  hasPlace,
  who,
  proposals,
  onChoose,
}: {
  readonly side: Side;
  readonly booking: Booking;
  readonly zone: string;
  /** Its place is not that of the other. */
  readonly hasPlace: boolean;
  readonly who: WhoComes;
  /** Undefined = not looked for, or not known yet. */
  readonly proposals: readonly Proposal[] | undefined;
  readonly onChoose: (choice: Choice) => void;
}) {
  const { t } = useWords();
  const { mayOperate } = useLook();
  const platform = useTitles()(booking.connection);
  const [letter, other] = [LETTERS[side], LETTERS[otherSide(side)]];
  const patient = who.patients[side];
  const name =
    patient?.name ??
    (who.shown || booking.connection !== null
      ? t('todo.conflict.nameIsThere', { platform })
      : t('todo.conflict.notShown'));
  return (
    <li className="booking">
      <h4>
        {t('todo.conflict.booking', { letter, platform })}{' '}
        <span className={booking.holdsLock ? 'badge booked' : 'badge warn'}>
          {t(booking.holdsLock ? 'todo.conflict.holds' : 'todo.conflict.extra')}
        </span>
      </h4>
      <dl className="facts">
        <Fact name={t('todo.conflict.time')}>
          <time dateTime={booking.start}>{spanText(booking.start, booking.end, zone)}</time>
        </Fact>
        {hasPlace && <Fact name={t('todo.conflict.place')}>{booking.location}</Fact>}
        <Fact name={t('todo.conflict.patient')}>
          {patient ? <strong>{name}</strong> : <span className="quiet-text">{name}</span>}
        </Fact>
        {patient?.phone && (
          <Fact name={t('todo.conflict.phone')}>
            <a href={`tel:${patient.phone}`}>{patient.phone}</a>
          </Fact>
        )}
      </dl>
      {mayOperate && (
        <button type="button" onClick={() => onChoose({ resolution: `keep-${side}` })}>
          {t('todo.conflict.keep', { letter, other })}
        </button>
      )}
      {proposals && (
        <Proposals
          letter={letter}
          booking={booking}
          proposals={proposals}
          zone={zone}
          onMove={(proposal) => onChoose({ resolution: 'move', side, proposal })}
        />
      )}
    </li>
  );
}

const Fact = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </>
);
