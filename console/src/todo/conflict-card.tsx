import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useWords } from '../i18n/use-words.ts';
import { useNow } from '../time/use-now.ts';
import { agoText, shortDayText, timeText } from '../time/zone.ts';
import { BookingPanel } from './booking-panel.tsx';
import { Card } from './card.tsx';
import type { Choice } from './choice.ts';
import { readConflict } from './commands.ts';
import { useLook } from './look.ts';
import { type Conflict, SIDES } from './model.ts';
import { SettleDialog } from './settle-dialog.tsx';
import { WAITING } from './use-waiting.ts';
import { useWhoComes } from './use-who-comes.ts';
import { zoneOf } from './zone-of.ts';

/** Two patients who were given one time. Which of the two stays, or where one goes, is for a person to say. */
export function ConflictCard({
  conflict,
  isNear,
}: {
  readonly conflict: Conflict;
  /** It is among the first: where they could go is looked for without being asked. */
  readonly isNear: boolean;
}) {
  const { t } = useWords();
  const { session, mayOperate, show } = useLook();
  const [isLooking, setLooking] = useState(isNear);
  const now = useNow(10_000);
  const zone = zoneOf(conflict.timeZone);
  const who = useWhoComes(session, conflict);
  const { data } = useQuery({
    queryKey: [...WAITING, 'conflict', conflict.id],
    queryFn: ({ signal }) => readConflict(conflict.id, signal),
    enabled: isLooking,
  });
  const choose = (choice: Choice): void =>
    show(
      <SettleDialog
        conflict={conflict}
        choice={choice}
        patients={who.patients}
        zone={zone}
        onClose={() => show(null)}
      />,
    );
  const { start, practitioner, bookings } = conflict;
  const hasPlaces = bookings.a.location !== bookings.b.location;
  return (
    <Card
      title={t('todo.conflict.title', {
        day: shortDayText(start, zone),
        time: timeText(start, zone),
        who: practitioner ?? t('todo.somebody'),
      })}
      badges={
        <time className="badge wrong" dateTime={start}>
          {agoText(start, now)}
        </time>
      }
      happened={t('todo.conflict.happened')}
      means={t('todo.conflict.means')}
      todo={t('todo.conflict.do')}
      actions={
        mayOperate && (
          <>
            <button type="button" className="quiet" onClick={() => choose({ resolution: 'keep-both' })}>
              {t('todo.conflict.keepBoth')}
            </button>
            {!isLooking && (
              <button type="button" className="quiet" onClick={() => setLooking(true)}>
                {t('todo.conflict.look')}
              </button>
            )}
          </>
        )
      }
    >
      <ul className="bare bookings">
        {SIDES.map((side) => (
          <BookingPanel
            key={side}
            side={side}
            booking={bookings[side]}
            zone={zone}
            hasPlace={hasPlaces}
            who={who}
            proposals={data?.proposals[side]}
            onChoose={choose}
          />
        ))}
      </ul>
    </Card>
  );
}
