/** How sure a suggestion is, the surest first: the same licence number, the same name, or a name that is alike. */
export const SUGGESTED_BY = ['identifier', 'name', 'similar'] as const;
export type SuggestedBy = (typeof SUGGESTED_BY)[number];
