// Facts of which some are not known.

/** Without the keys that have no value, so that listings print and compare well. */
export function defined<T extends object>(facts: { [K in keyof T]: T[K] | undefined }): T {
  const known: Record<string, unknown> = {};
  for (const name in facts) if (facts[name] !== undefined) known[name] = facts[name];
  return known as T;
}
