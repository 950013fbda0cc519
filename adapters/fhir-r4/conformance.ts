import { medplumTarget } from './bench/target.ts';

/** What the suite is run on: time is closed in either way. Whole readings are tried where a cursor is null. */
export default [
  medplumTarget({ blocks: 'slot', changes: 'lastUpdated' }),
  medplumTarget({ blocks: 'appointment', changes: 'lastUpdated' }),
];
