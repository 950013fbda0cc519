import { feedTarget } from './bench/target.ts';

/** What the suite is run on: a web server with a file, which is all that such a feed is. */
export default [feedTarget];
