/** At most this many characters of a bundle stand in one event. */
export const partLength = 600_000;

/** Cuts a bundle into the parts of its events; joined in order they are the bundle. */
export function splitBundle(jws: string, length = partLength): string[] {
  const parts: string[] = [];
  for (let at = 0; at < jws.length; at += length) parts.push(jws.slice(at, at + length));
  return parts;
}
