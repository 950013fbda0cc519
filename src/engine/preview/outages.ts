import type { Directory } from '../../domain/directory.ts';
import { FOREVER, type Instant, instant, MINUTE } from '../../domain/instant.ts';
import { failoverRefusal } from '../failover.ts';
import type { OutageForecast, RecordedOutage } from '../ports/policy-preview.ts';
import { failingSince } from './bookings.ts';

/** For how much of an outage bookings would have been accepted on its platform’s behalf. Pure. */
export function outageForecast(
  directory: Directory,
  scheduleId: string,
  outage: RecordedOutage,
): OutageForecast {
  const { failover } = directory.policyOf(scheduleId);
  const { connectionId, window } = outage;
  const zone = directory.zoneOf(scheduleId);
  const since = failingSince(outage);
  // Of a visit far ahead: which is too soon depends on the visit.
  const accepts = (at: Instant): boolean =>
    failoverRefusal(failover, { connectionId, since, start: FOREVER, zone }, at) === null;
  const minutes = Math.round((window.end - window.start) / MINUTE);
  // Of every rule: once nothing is accepted any more, that stays so for as long as the outage lasts.
  let [low, high] = [0, minutes];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (accepts(instant(window.start + middle * MINUTE))) low = middle + 1;
    else high = middle;
  }
  return { ...outage, minutesAccepting: low };
}
