import { expect } from 'chai';
import { createPersons } from '../../src/fhir/persons.ts';
import { fakePorts, NOW } from '../support/fake-ports.ts';
import { fakeSeal } from '../support/fake-ring.ts';

/** What is erased of one person among what could not be read, and of nobody else. */

describe('erasing what could not be read', () => {
  const seal = fakeSeal(3);
  const kept = ['{"nam":"FICA 0101 0113"}', '{"nam":"FICB02020211"}', 'illisible'];
  let erased: string[];

  const persons = () => {
    const { patients, reader, versions } = fakePorts();
    return createPersons({
      ...{ patients, reader, versions, seal, clock: { now: () => NOW }, onErased: () => undefined },
      keeper: {
        erasePatients: async () => ({ appointments: 0, waiting: 0 }),
        rejectedRaw: async ({ after }) =>
          after === null
            ? kept.map((text, index) => ({ key: String(index), sealed: seal.closeText(text, 'rejected') }))
            : [],
        eraseRaw: async (keys) => erased.push(...keys),
      },
    });
  };
  beforeEach(() => {
    erased = [];
  });

  it('takes what has their number in it, however it is written', async () => {
    expect((await persons().erase('fica 0101 0113')).rejected).to.equal(1);
    expect(erased).to.deep.equal(['0']);
  });

  for (const who of [' ', 'FIC', '01', 'a', '00000000-0000-4000-8000-000000000001'])
    it(`takes nothing of anybody where ${JSON.stringify(who)} is no number`, async () => {
      expect((await persons().erase(who)).rejected).to.equal(0);
      expect(erased).to.deep.equal([]);
    });
});
