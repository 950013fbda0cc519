import { createContext, useContext } from 'react';
import { type Language, language } from '../i18n/current.ts';
import { isUnder } from './value.ts';

/** What is wrong with what was filled in, as the gateway tells it: by the field, and in which language that is said. */
export type FieldProblem = {
  readonly field: string | null;
  readonly message: { readonly en: string; readonly fr?: string | undefined };
};

const Problems = createContext<readonly FieldProblem[]>([]);
export const ProblemsOfForm = Problems.Provider;

export function useProblems() {
  const problems = useContext(Problems);
  return {
    at: (path: string): string | undefined => {
      const found = problems.filter(({ field }) => field === path).map((each) => messageIn(each, language()));
      return found.length === 0 ? undefined : found.join(' · ');
    },
    under: (path: string): boolean => problems.some(({ field }) => field !== null && isUnder(field, path)),
  };
}

export const messageIn = ({ message }: FieldProblem, shown: Language): string =>
  (shown === 'fr' ? message.fr : undefined) ?? message.en;
