// How a page tells the test that opened it what came of its work.

/** Sends the result of the work, or why it failed, as JSON. */
export async function sendBack(work: Promise<unknown>): Promise<void> {
  const answer = await work.then(
    (result) => ({ result }),
    (error) => ({ failure: `${error?.stack ?? error}` }),
  );
  await fetch("/answer", { method: "POST", body: JSON.stringify(answer) });
}
