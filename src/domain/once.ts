/** Makes it when it is first asked for, and keeps it. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Makes it of what is given at present, and anew only when that is something else. */
export function onceFor<Given, T>(given: () => Given, make: (given: Given) => T): () => T {
  let made: { readonly of: Given; readonly value: T } | null = null;
  return () => {
    const of = given();
    if (made?.of !== of) made = { of, value: make(of) };
    return made.value;
  };
}
