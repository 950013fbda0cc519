import { HOUR, instant } from '../domain/instant.ts';
import type { FreeTime, Raw } from './target.ts';

/** Those that a patient could book now: what begins within the hour may be over before a case comes to it. */
export const freeSlots = ({ slots }: Pick<Raw, 'slots'>): readonly FreeTime[] => {
  const soon = instant(Date.now() + HOUR);
  return slots
    .filter(({ status, interval }) => status === 'free' && interval.start > soon)
    .map(({ interval, id }) => ({ interval, slot: id }));
};
