import type { Bilingual } from '../domain/schedule.ts';

/** A value that its parameter cannot have. `why` says what it must be, and stands after the parameter's name. */
export class Unusable extends Error {
  override readonly name = 'Unusable';
  readonly why: Bilingual;

  constructor(why: Bilingual) {
    super(why.en);
    this.why = why;
  }
}
