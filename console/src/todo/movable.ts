import type { Booking, Proposal } from './model.ts';

/**
 * Which proposals the gateway can carry out by itself (docs/conflicts.md): a platform moves a booking within its own agenda, as
 * it alone knows who comes; to any other the patient has to be asked, and booked there. What was booked here and has
 * not come to its platform goes anywhere; the gateway says so itself where it does not.
 */
export const isMovable = (
  { connection, schedule }: Pick<Booking, 'connection' | 'schedule'>,
  to: Pick<Proposal, 'connection' | 'schedule'>,
): boolean => connection === null || (connection === to.connection && schedule === to.schedule);
