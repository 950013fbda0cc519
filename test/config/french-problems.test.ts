import { expect } from 'chai';
import { z } from 'zod';
import { titled } from '../../src/adapter/titled.ts';
import { ConfigurationError } from '../../src/config/problems.ts';
import { parseConfiguration } from '../../src/config/read-configuration.ts';
import { ADAPTERS, fakeAdapter, SAMPLE, VARIABLES } from './sample.ts';

/** What forms meet is said in French too. In English it stands in read-configuration.test.ts. */

function frenchOf(
  text: string,
  variables: Record<string, string> = VARIABLES,
  adapters = ADAPTERS,
): readonly string[] {
  expect(text, 'the sample was changed').not.to.equal(SAMPLE);
  try {
    parseConfiguration(text, 'clinic.yaml', adapters, variables);
  } catch (error) {
    if (error instanceof ConfigurationError)
      return error.problems.map(({ path, french = 'nothing in French' }) => `${path} ${french}`);
    throw error;
  }
  return expect.fail('the configuration was accepted');
}

const CASES: readonly (readonly [what: string, from: string, to: string, french: string])[] = [
  [
    'a key that is not known',
    'horizonDays',
    'horizonDay',
    'connections[1].horizonDay clé inconnue; vouliez-vous dire « horizonDays » ?',
  ],
  [
    'a setting that is not known',
    'url: https',
    'adresse: x\n      url: https',
    'connections[0].settings.adresse clé inconnue; il y a plan, regions, retries, token, url',
  ],
  [
    'what is missing',
    'family: Tremblay, ',
    '',
    'practitioners[0].family manque; à écrire : un texte, comme « family: Tremblay »',
  ],
  [
    'what is empty',
    'family: Tremblay',
    'family: ""',
    'practitioners[0].family ne doit pas être vide; à écrire : un texte, comme « family: Tremblay »',
  ],
  [
    'another type',
    'pollSeconds: 20',
    'pollSeconds: souvent',
    'connections[1].pollSeconds doit être un nombre; à écrire : un nombre',
  ],
  [
    'a text without quotes',
    '"4711"',
    '4711',
    'connections[0].calendars[0].id doit être un texte : mettez-le entre guillemets',
  ],
  [
    'a number that is too small',
    'pollSeconds: 20',
    'pollSeconds: 0',
    'connections[1].pollSeconds doit être au moins 1',
  ],
  [
    'a number that is too large',
    'horizonDays: 14',
    'horizonDays: 400',
    'connections[1].horizonDays doit être au plus 366',
  ],
  [
    'no address',
    'https://east.example',
    'chez eux',
    'connections[0].settings.url n’est pas une adresse; à écrire : un texte',
  ],
  [
    'a word that is none of those that there are',
    'topology: block',
    'topology: blok',
    'connections[0].calendars[0].topology doit être l’un de : block, publish, shifts; vouliez-vous dire « block » ?',
  ],
  [
    'an id that is here twice',
    'id: west',
    'id: east',
    'connections[1].id « east » y est deux fois : chacun doit avoir son identifiant',
  ],
  [
    'an id that names nothing',
    'location: parc',
    'location: park',
    'schedules[0].location pas de « park » sous locations; vouliez-vous dire « parc » ?',
  ],
  [
    'slots where none are taken',
    'topology: block',
    'topology: publish',
    'connections[0].calendars[0].topology Plateforme east ne prend pas de plages : écrivez block',
  ],
  [
    'readings that are too rare',
    'freshnessMinutes: 2',
    'freshnessMinutes: 0.5',
    'connections[1].freshnessMinutes est trop court pour des lectures toutes les 20 s : mettez au moins 0.7, ou lisez plus souvent',
  ],
  [
    'a secret that is not there',
    '{ env: EAST_TOKEN }',
    '{ env: AUTRE }',
    'connections[0].settings.token la variable d’environnement AUTRE n’est pas définie : définissez-la où Passerelle est lancée',
  ],
  [
    'a name of a file that is none',
    '{ env: EAST_TOKEN }',
    '{ file: ../x }',
    'connections[0].settings.token le fichier de secrets ../x doit être un nom de lettres, de chiffres, de . _ et -, ou un chemin absolu',
  ],
];

describe('problems of a configuration, in French', () => {
  for (const [what, from, to, french] of CASES) {
    it(`are told of: ${what}`, () => {
      expect(frenchOf(SAMPLE.replace(from, to))).to.deep.equal([french]);
    });
  }

  it('have the words of whoever wrote the adapter', () => {
    const settings = z.object({
      url: z
        .url()
        .describe('Its address')
        .meta(titled('Address', 'Adresse', 'Son adresse')),
      token: z.string(),
    });
    const adapters = new Map([...ADAPTERS, ['east', fakeAdapter('east', settings)]]);
    expect(frenchOf(SAMPLE.replace('https://east.example', 'x'), VARIABLES, adapters)).to.deep.equal([
      'connections[0].settings.url n’est pas une adresse; à écrire : Son adresse',
    ]);
  });
});
