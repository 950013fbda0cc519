import { dovecotTarget } from './bench/target.ts';

/** What the suite is run on: a real IMAP server, from the Debian package of its name. */
export default [dovecotTarget];
