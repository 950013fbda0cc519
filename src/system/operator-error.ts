/** Something that the operator can mend: the message is all that they need, and says what to do. */
export class OperatorError extends Error {
  override readonly name: string = 'OperatorError';
}
