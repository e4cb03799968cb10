import { invalid, type Place } from '#contracts';

/**
 * Checks a new place against its parent: one country, and each level below the one above; a code with its system, a period in its order.
 * @throws {AppError} `invalid` naming the field
 */
export function assertFits(
  place: Pick<Place, 'country' | 'level' | 'code' | 'codeSystem' | 'validFrom' | 'validTo'>,
  parent: Place | null,
): void {
  if ((place.code === null) !== (place.codeSystem === null))
    throw invalid('code', 'a code needs its code system, and a code system its code');
  if (place.codeSystem === 'SOATE' && !/^417\d{11}$/.test(place.code ?? ''))
    throw invalid('code', 'a SOATE code is 14 digits and begins with 417');
  if (place.validFrom !== null && place.validTo !== null && place.validTo < place.validFrom)
    throw invalid('validTo', 'must not be before validFrom');
  if (parent === null) {
    if (place.level > 0) throw invalid('parentId', 'only a country has no parent');
    return;
  }
  if (parent.country !== place.country) throw invalid('parentId', `${parent.country} is not ${place.country}`);
  if (parent.level >= place.level) throw invalid('level', `must be below the parent's level, which is ${parent.level}`);
}
