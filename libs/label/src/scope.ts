import type { ParsedLabel } from './parse.js';

/** What a certificate may sign for: the LabelScope extension of section 5. */
export interface LabelScope {
  /** ISO 3166-1 numeric, e.g. `417`. */
  readonly country: string;
  /** Digits, compared with digits 2 to 14 of the GTIN-14. */
  readonly gtinPrefixes: readonly string[];
  /** Lower-case host names. */
  readonly hosts: readonly string[];
  readonly producerId?: string;
}

export type ScopeFault = 'gtin-prefix' | 'country' | 'host';

/** Why a label lies outside a scope, or undefined when it lies inside (section 4, OUT_OF_SCOPE). */
export function findScopeFault(
  scope: LabelScope | undefined,
  label: Pick<ParsedLabel, 'gtin' | 'host' | 'attributes'>,
): ScopeFault | undefined {
  if (scope === undefined || !scope.gtinPrefixes.some((prefix) => label.gtin.startsWith(prefix, 1)))
    return 'gtin-prefix';
  const country = label.attributes['422'];
  if (country !== undefined && country !== scope.country) return 'country';
  return scope.hosts.includes(label.host) ? undefined : 'host';
}

/** Whether a child's scope is a subset of its issuer's (section 5, the RFC 3779 model). */
export function isScopeSubset(child: LabelScope, issuer: LabelScope): boolean {
  return (
    child.country === issuer.country &&
    child.gtinPrefixes.every((prefix) => issuer.gtinPrefixes.some((wider) => prefix.startsWith(wider))) &&
    child.hosts.every((host) => issuer.hosts.includes(host))
  );
}
