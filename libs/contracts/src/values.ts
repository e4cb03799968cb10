import { z } from 'zod';

/** Languages of names and stories (ISO 639-1). */
export const languages = ['ky', 'ru', 'en', 'kk', 'tg', 'uz', 'ja'] as const;
export const language = z.enum(languages);
export type Language = z.infer<typeof language>;

/** A text in one or more languages; at least one, each at most 500 characters. */
export const localizedText = z
  .partialRecord(language, z.string().trim().min(1).max(500))
  .refine((text) => Object.keys(text).length > 0, 'needs at least one language')
  .meta({ description: 'text by ISO 639-1 language' });
export type LocalizedText = z.infer<typeof localizedText>;

/** The countries of the programme: ISO 3166-1 alpha-2, with the numeric code that GS1 AI (422) and LabelScope carry. */
export const countries = ['KG', 'KZ', 'TJ'] as const;
export const country = z.enum(countries);
export type Country = z.infer<typeof country>;
export const countryNumeric: Readonly<Record<Country, string>> = { KG: '417', KZ: '398', TJ: '762' };

/** UN/ECE Recommendation 20 unit codes in use, with the symbol that people read and the kind of quantity. */
export const units = {
  KGM: { symbol: 'kg', kind: 'mass' },
  GRM: { symbol: 'g', kind: 'mass' },
  LTR: { symbol: 'l', kind: 'volume' },
  MLT: { symbol: 'ml', kind: 'volume' },
  MTR: { symbol: 'm', kind: 'length' },
  MTK: { symbol: 'm²', kind: 'area' },
  H87: { symbol: 'piece', kind: 'count' },
  PR: { symbol: 'pair', kind: 'count' },
  SET: { symbol: 'set', kind: 'count' },
} as const;
export type UnitCode = keyof typeof units;
export const unitCode = z
  .enum(Object.keys(units) as [UnitCode, ...UnitCode[]], {
    error: `must be a UN/ECE Rec 20 code in use: ${Object.entries(units)
      .map(([code, unit]) => `${code} (${unit.symbol})`)
      .join(', ')}`,
  })
  .meta({ description: 'UN/ECE Recommendation 20 unit code' });

/** An amount above zero with its unit. */
export const quantity = z.strictObject({
  value: z.number().positive().max(1e9),
  unit: unitCode,
});
export type Quantity = z.infer<typeof quantity>;

/** A calendar day, `YYYY-MM-DD`. */
export const day = z.iso.date();
/** A moment with its offset, RFC 3339. */
export const moment = z.iso.datetime({ offset: true });
export const uuid = z.uuid();

/** Fourteen digits with a right check digit (GS1 General Specifications 7.9). */
export const gtin = z.string().regex(/^\d{14}$/, 'must be 14 digits');
/** Batch or lot number as it stands in the label (AI 10, narrowed by the label profile). */
export const lot = z
  .string()
  .regex(/^[0-9A-Z-]{1,20}$/, 'must be 1 to 20 of the digits, the capital letters A to Z and the hyphen');
/** Serial number as it stands in the label (AI 21, Crockford base32). */
export const serial = z.string().regex(/^[0-9A-HJKMNP-TV-Z]{10,12}$/, 'must be 10 to 12 Crockford base32 characters');

/** What a person or an API key may do. */
export const roles = ['producer', 'officer', 'committee', 'inspector', 'administrator'] as const;
export const role = z.enum(roles);
export type Role = z.infer<typeof role>;
