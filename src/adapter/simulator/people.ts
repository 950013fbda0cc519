/** Whose agendas a simulator has: made-up people, by the ids of its actors. */

export type SimPerson = { readonly title: string; readonly given: string; readonly family: string };

/** Those of the demonstration; who is not among them has no given name. */
const GIVEN: Readonly<Record<string, string>> = { tremblay: 'Alex', gagnon: 'Camille', nguyen: 'Linh' };

/** @param actor as `dr-tremblay`, or anything else, which is then the family name. */
export function personOf(actor: string): SimPerson {
  const [, title = '', name = actor] = /^(dre?)-(.+)$/.exec(actor) ?? [];
  return { title: capital(title), given: GIVEN[name] ?? '', family: name.split('-').map(capital).join('-') };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
