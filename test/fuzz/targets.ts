import type { Target } from './harness/target.ts';
import { access } from './targets/access.ts';
import { PLATFORM_TARGETS } from './targets/answers.ts';
import { icalendar, recurrence } from './targets/calendar.ts';
import { conceptMaps } from './targets/concept-maps.ts';
import { descriptions } from './targets/descriptions.ts';
import { doors } from './targets/doors.ts';
import { hl7 } from './targets/hl7.ts';
import { lists } from './targets/lists.ts';
import { notices } from './targets/notices.ts';
import { configuration, environment } from './targets/operator.ts';
import { patch } from './targets/patch.ts';
import { readers } from './targets/readers.ts';
import { RIM_TARGETS } from './targets/rim.ts';
import { searches } from './targets/searches.ts';
import { signIn } from './targets/sign-in.ts';

/** Every parser that reads what others wrote. A new one is one more entry (CONTRIBUTING.md, "Fuzzing"). */
export const TARGETS: readonly Target[] = [
  configuration,
  environment,
  conceptMaps,
  descriptions,
  icalendar,
  recurrence,
  hl7,
  notices,
  lists,
  readers,
  patch,
  ...PLATFORM_TARGETS,
  doors,
  searches,
  access,
  signIn,
  ...RIM_TARGETS,
];
