// Untrusted text (column names, class names, paths) without what XML and HTML may not hold.

/**
 * Replaces by "�" control characters and lone surrogates (XML 1.0 section 2.2) and bidirectional controls, which
 * make a text read other than it is stored (Unicode TR36 section 2.10). Tabs and line ends stay.
 */
export function printable(text: string): string {
  return text.replace(
    /(?![\t\n\r])\p{Cc}|\p{Surrogate}|[\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu,
    "\ufffd",
  );
}
