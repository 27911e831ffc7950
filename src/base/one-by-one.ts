// Work that must be done in the order in which it was asked for, whoever asks.

/** Runs what it is given one after another; what fails is told to whoever asked for it, and hinders no other. */
export function oneByOne(): <T>(work: () => Promise<T>) => Promise<T> {
  let turn: Promise<unknown> = Promise.resolve();
  return (work) => {
    const run = turn.then(work);
    turn = run.catch(() => {});
    return run;
  };
}
