// Lets so many pieces of work be under way at once; the others wait in order.

/** Runs the work when there is room, and gives its result. */
export type Turnstile = <T>(work: () => Promise<T>) => Promise<T>;

/** A turnstile that lets at most `most` in. */
export function turnstile(most: number): Turnstile {
  let inside = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (inside >= most) await new Promise<void>((enter) => waiting.push(enter));
    else inside += 1;
    try {
      return await work();
    } finally {
      // Whoever waits longest takes this place.
      const next = waiting.shift();
      if (next) next();
      else inside -= 1;
    }
  };
}
