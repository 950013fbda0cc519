import { expect } from 'chai';
import type { Capabilities } from '../../adapter/contract.ts';
import { type Case, graded } from '../case.ts';
import { type Context, faultOf } from '../context.ts';

/** A platform that says which calendars it has, for whoever links them. */

const listsCalendars = ({ calendars = false }: Capabilities): boolean => calendars;

function list(context: Context) {
  const { calendars } = context.connect();
  if (!calendars) throw new Error('its manifest declares calendars, and there is nothing to ask for them');
  return calendars(AbortSignal.timeout(5000));
}

export const CALENDARS: readonly Case[] = graded('bronze', [
  {
    id: 'calendars-listed',
    title: 'lists the calendars that it has, each once, by the ids that it reads',
    applies: listsCalendars,
    run: async (context) => {
      const { found } = await list(context);
      const ids = found.map(({ id }) => id);
      expect(ids).to.include(context.calendar);
      expect(new Set(ids).size, 'each once').to.equal(ids.length);
      // What is not known is null: an empty text would be shown as a name.
      const said = found.flatMap(({ id, name, practitionerName, location, identifiers }) => [
        ...[id, name, practitionerName, location],
        ...identifiers.flatMap(({ system, value }) => [system, value]),
      ]);
      for (const text of said) if (text !== null) expect(text.trim()).not.to.equal('');
    },
  },
  {
    id: 'calendars-malformed',
    title: 'takes an answer outside of the contract for a fault, never for no calendars',
    applies: listsCalendars,
    run: async (context) => {
      for (const body of ['', 'null', '<html></html>', '{"__proto__":{"elements":[]}}']) {
        context.proxy.set({ kind: 'tamper', change: () => body });
        const { kind } = await faultOf(() => list(context));
        expect(kind, body).to.equal('malformed');
      }
    },
  },
]);
