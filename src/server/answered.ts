/** Null when the store fails: health and metrics must be told also then. */
export async function answered<T>(
  promise: Promise<T>,
  report: (error: unknown) => string,
): Promise<T | null> {
  try {
    return await promise;
  } catch (error) {
    report(error);
    return null;
  }
}
