// The version of Roentgen, for provenance; a test keeps it equal to package.json.

/** Version of this package. */
export const version = "0.1.0";
