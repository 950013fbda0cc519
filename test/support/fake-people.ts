import type { PeopleStore } from '../../src/engine/ports/people.ts';

/** A test double of who keeps people, where there is nobody. The real one is tested in test/store/people.test.ts. */
export function nobody(): PeopleStore {
  const nothing = async () => undefined;
  const none = async () => null;
  const no = async () => false;
  const empty = async () => [];
  return {
    addPerson: async () => true,
    people: empty,
    personById: none,
    personByLogin: none,
    personFromProvider: () => Promise.reject(new Error('there is nobody here')),
    takeRights: none,
    disablePerson: nothing,
    enablePerson: nothing,
    invitePerson: nothing,
    invitedPerson: none,
    acceptInvitation: none,
    setPassword: no,
    rehashPassword: nothing,
    personSignedIn: nothing,
    setTotp: nothing,
    removeTotp: nothing,
    useTotpStep: no,
    replaceRecoveryCodes: nothing,
    useRecoveryCode: no,
    passkeysOf: empty,
    addPasskey: no,
    passkeyUsed: no,
    removePasskey: nothing,
    removeSecondFactors: nothing,
    addSession: no,
    sessionByHash: none,
    sessionUsed: nothing,
    renewSession: no,
    sessionsOf: empty,
    endSession: nothing,
    endSessionsOf: nothing,
    countAttempt: none,
    forgetAttempts: nothing,
    takeBackAttempt: nothing,
  };
}
