import { CALDAV_SERVERS } from './bench/servers.ts';
import { caldavTarget } from './bench/target.ts';

/** What the suite is run on: real servers, each from the Debian package of its name. */
export default CALDAV_SERVERS.map(caldavTarget);
