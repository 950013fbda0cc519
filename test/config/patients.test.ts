import { expect } from 'chai';
import { PATIENT_DEFAULTS } from '../../src/config/patients.ts';
import { ConfigurationError } from '../../src/config/problems.ts';
import { parseConfiguration } from '../../src/config/read-configuration.ts';
import { ADAPTERS, SAMPLE, VARIABLES } from './sample.ts';

const parse = (text: string) => parseConfiguration(text, 'clinic.yaml', ADAPTERS, VARIABLES).patients;

const problems = (text: string): string[] => {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems.map(({ path }) => path);
    throw error;
  }
  return [];
};

describe('the configuration of patients', () => {
  it('keeps none where it says nothing', () => {
    expect(parse(SAMPLE)).to.deep.equal({ keepDays: 0, namCheckDigit: 'warn' });
    expect(parse(SAMPLE)).to.deep.equal(PATIENT_DEFAULTS);
  });

  it('keeps them for whole days, ten years at the most', () => {
    expect(parse(`${SAMPLE}patients: { keepDays: 3650 }\n`)).to.include({ keepDays: 3650 });
    for (const keepDays of [-1, 3651, 1.5, '"30"']) {
      expect(problems(`${SAMPLE}patients: { keepDays: ${keepDays} }\n`)).to.deep.equal(['patients.keepDays']);
    }
  });

  it('refuses a number for its check digit only where it says so', () => {
    expect(parse(`${SAMPLE}patients: { namCheckDigit: refuse }\n`).namCheckDigit).to.equal('refuse');
    expect(problems(`${SAMPLE}patients: { namCheckDigit: off }\n`)).to.deep.equal(['patients.namCheckDigit']);
  });
});
