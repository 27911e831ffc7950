// What sets the entries of a series apart: the traits in which they differ.

import type { Traits } from "./dicom-frame.ts";

/** A function that keeps of an entry's traits those that differ among all. */
export function differingTraits(all: readonly Traits[]): (own: Traits) => Traits {
  const names = new Set(all.flatMap((traits) => Object.keys(traits)));
  const differing = [...names].filter((name) => {
    return new Set(all.map((traits) => traits[name])).size > 1;
  });
  return (own) =>
    Object.fromEntries(
      differing.filter((name) => own[name] !== undefined).map((name) => [name, own[name]]),
    );
}
