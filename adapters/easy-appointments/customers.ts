import type { z } from 'zod';
import type { PatientDetails } from '../../src/adapter/contract.ts';
import { Fault } from '../../src/adapter/faults.ts';
import { type Mark, subjectOf } from '../../src/adapter/observation.ts';
import type { Client } from './client.ts';
import { Customer } from './wire.ts';

/** Who comes, as the platform's customers. It knows no appointment without one. */

/**
 * The platform tells customers apart by their e-mail address alone and takes no second record with the same one. One with
 * the same address and the same name is the patient. With another name it may be a parent, whose name must not come to
 * stand on a child's appointment: then the record gets no address, or one of the clinic's.
 */
export function createCustomers(client: Client, guestEmail: string | undefined) {
  /** By what they hold and not by a search: an address in a URL stands in every log on the way. */
  async function standing(email: string): Promise<z.output<typeof Customer> | null> {
    const fields = { fields: 'id,firstName,lastName,email' };
    const records = await client.list('customers', fields, () => false);
    const readable = records.flatMap((record) => Customer.safeParse(record).data ?? []);
    return readable.find((each) => same(each.email, email)) ?? null;
  }

  async function add(patient: Named, email: string | null, zone: string): Promise<number | 'refused'> {
    const recorded = await client.addCustomer({
      firstName: patient.given,
      lastName: patient.family,
      phone: patient.phone ?? '',
      ...(email === null ? {} : { email }),
      timezone: zone,
    });
    return recorded.outcome === 'done' ? recorded.id : 'refused';
  }

  return {
    /** The patient's number. @throws Fault when the clinic made a field mandatory that the patient did not give. */
    of: async (patient: PatientDetails | null, mark: Mark, zone: string): Promise<number> => {
      const named = patient ?? NOBODY;
      const spare = guestEmail === undefined ? null : subaddress(guestEmail, mark);
      for (const email of [named.email ?? spare, spare]) {
        const guest = await add(named, email, zone);
        if (guest !== 'refused') return guest;
        const found = email === null ? null : await standing(email);
        if (found && same(found.firstName, named.given) && same(found.lastName, named.family)) {
          return found.id;
        }
        if (email === spare) break;
      }
      throw new Fault(
        'malformed',
        'the platform took no record of the patient: a mandatory field is missing',
      );
    },
  };
}

type Named = Pick<PatientDetails, 'family' | 'given' | 'phone' | 'email'>;

/** Of a booking that says nothing of who comes. */
const NOBODY: Named = { family: 'Passerelle', given: 'Réservation', phone: null, email: null };

const same = (a: string | null, b: string | null): boolean =>
  (a ?? '').trim().toLowerCase() === (b ?? '').trim().toLowerCase();

/** RFC 5233: another address of the same mailbox, one for each booking. */
function subaddress(email: string, mark: Mark): string {
  const at = email.lastIndexOf('@');
  return `${email.slice(0, at)}+${(subjectOf(mark) ?? '').slice(0, 8)}${email.slice(at)}`;
}
