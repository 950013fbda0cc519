/**
 * How much of a feed could not be read. A few odd records are set aside and the rest is relied on. When most of them are
 * so, the platform has rather changed how it writes them: then what is booked there now can't be read either, and its
 * time must not be taken for free.
 */

/** Records of the platform's own. */
export type Legibility = { readonly records: number; readonly unread: number };

/** Of fewer, half is soon reached: what a person entered oddly, and not what the platform changed. */
const FEW = 5;

/** More is unknown than known; or nothing is known. */
export const isUnreadable = ({ records, unread }: Legibility): boolean =>
  unread > 0 && (unread === records || (unread >= FEW && unread >= records / 2));
