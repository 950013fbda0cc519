import type { PeopleStore } from '../engine/ports/people.ts';
import { bind } from './bind.ts';
import type { Queryable } from './database.ts';
import {
  acceptInvitation,
  addPerson,
  disablePerson,
  enablePerson,
  invitedPerson,
  invitePerson,
  people,
  personById,
  personByLogin,
  personFromProvider,
  personSignedIn,
  rehashPassword,
  setPassword,
  takeRights,
} from './statements/people.ts';
import * as secondFactors from './statements/second-factors.ts';
import * as sessions from './statements/sessions.ts';
import * as attempts from './statements/sign-in-attempts.ts';

/** Who signs in, on one database: each method is the statement of its name. */
export const createPeopleStore = (on: Queryable): PeopleStore =>
  bind(on, {
    addPerson,
    people,
    personById,
    personByLogin,
    personFromProvider,
    takeRights,
    disablePerson,
    enablePerson,
    invitePerson,
    invitedPerson,
    acceptInvitation,
    setPassword,
    rehashPassword,
    personSignedIn,
    ...secondFactors,
    ...sessions,
    ...attempts,
  });
