/**
 * Whatever a gateway says in the tests is listened to, and nobody's patient may be in it. So that they are recognized, the
 * made-up patients of the whole suite are called something with «Fictif» or «Fictive», have a phone number of 555-01xx, and a
 * health insurance number has its form.
 */

const OF_A_PATIENT = /Fictif|Fictive|Zyxcanari|\b[A-Z]{4} ?\d{4} ?\d{4}\b|555-01\d\d/;
const SHOWN_MAX = 400;

export type Listener = {
  readonly hear: (text: string) => void;
  /** @throws Error with the first line that names a patient. */
  readonly expectNobody: () => void;
};

export function listenForPatients(who: string): Listener {
  let found: string | null = null;
  return {
    hear(text) {
      if (found === null && OF_A_PATIENT.test(text)) found = text;
    },
    expectNobody() {
      if (found === null) return;
      const at = OF_A_PATIENT.exec(found)?.index ?? 0;
      throw new Error(
        `${who} named a patient: …${found.slice(Math.max(0, at - SHOWN_MAX / 2), at + SHOWN_MAX / 2)}…`,
      );
    },
  };
}
