// Which class a model says of an image, from its probabilities.

/** The most probable class, the first of equals; of two with a threshold, the second from there on. */
export function decidedClass(probabilities: Float64Array, threshold: number | undefined): number {
  if (threshold !== undefined && probabilities.length === 2) {
    return probabilities[1] >= threshold ? 1 : 0;
  }
  return probabilities.indexOf(Math.max(...probabilities));
}

/** The same of each row of [images, classCount]. */
export function decidedClasses(
  probabilities: Float64Array,
  { classCount, threshold }: { classCount: number; threshold?: number },
): Int32Array {
  return Int32Array.from({ length: probabilities.length / classCount }, (_, row) =>
    decidedClass(probabilities.subarray(row * classCount, (row + 1) * classCount), threshold),
  );
}
