import { valueSyntax } from './ai-value.js';

/**
 * The application identifiers that a GTIN label may carry as Digital Link data attributes (section 1), with the
 * syntax of their values. Left out although the dictionary knows them: the qualifiers 10, 21, 22 and 235, which
 * belong in the path; and whatever can never stand beside a GTIN, by exclusion (02, 255, 37, 8006) or because
 * what it needs can not be there (12, 390n, 391n, 394n, 415, 8007, 8026, 8111). 7258 always holds a slash, which
 * would have to be percent-encoded.
 */
const SYNTAX: readonly (readonly [format: string, ais: string])[] = [
  ['N18:csum', '00 8017 8018'],
  ['N17:csum', '402'],
  ['N13:csum', '410-414 416 417'],
  ['N13:csum [X..17]', '253'],
  ['N1:zero N13:csum [X..16]', '8003'],
  ['N6:yymmd0', '11 13 15-17'],
  ['N6:yymmdd', '4326 7006'],
  ['N6:yymmdd [N6:yymmdd]', '7007'],
  ['N6:yymmdd N4:hhmi', '7003'],
  ['N6:yymmdd [N4:hhmi]', '7011'],
  ['N6:yymmd0 N4:hhmi', '4324 4325'],
  ['N6:yymmdd N2:hh [N2:mi] [N2:ss]', '8008'],
  ['N8:yyyymmdd', '7250'],
  ['N8:yyyymmdd N4:hhmi', '7251'],
  ['N2', '20'],
  ['N..6', '242'],
  ['N..8', '30'],
  ['N..4', '7004'],
  ['N13', '7001'],
  ['N..15', '3920-3929'],
  ['N3:iso4217 N..15', '3930-3939'],
  ['N6', '3950-3955 8005'],
  ['N3:iso3166', '422 424 426'],
  ['N3:iso3166 [N3:iso3166] [N3:iso3166] [N3:iso3166] [N3:iso3166]', '423 425'],
  ['N3:iso3166 X..9', '421'],
  ['N3:iso3166999 X..27', '7030-7039'],
  ['X2:iso3166alpha2', '4307 4317'],
  ['N10:latitude N10:longitude', '4309'],
  ['N1:yesno', '4321-4323'],
  ['N6 [X1:hyphen]', '4330-4333'],
  ['N2:mediatype', '7241'],
  ['N1:iso5218', '7252'],
  ['N4:nonzero N5:nonzero N3:nonzero N1:winding N1', '8001'],
  ['X..2', '7010'],
  ['X..3', '427 7008'],
  ['X..10', '7009 7255'],
  ['X..12', '7005'],
  ['X..20', '243 420 4318 7020-7022 710-717 7240 8002 8012'],
  ['X..25', '7242'],
  ['X..25:csumalpha', '8013'],
  ['X2 X..28', '7230-7239'],
  ['X..30', '240 241 250 251 400 401 403 4308 4319 7002 7023 8004 90'],
  ['X..35', '4300 4301 4310 4311 4320'],
  ['X..40', '7253 7254 7259'],
  ['X..50', '8009'],
  ['X..70', '4302-4306 4312-4316 7257 8110 8112'],
  ['X..90', '7256 91-99'],
  ['Y..30', '8010'],
  ['Z..90', '8030'],
];

/** Weights and measures: six digits, the last digit of the AI being the decimal point's place. */
const MEASURES = '310 311 312 313 314 315 316 320 321 322 323 324 325 326 327 328 329 330 331 332 333 334 335 336 337'
  .concat(' 340 341 342 343 344 345 346 347 348 349 350 351 352 353 354 355 356 357 360 361 362 363 364 365 366')
  .concat(' 367 368 369')
  .split(' ');

function expand(ais: string): string[] {
  return ais.split(' ').flatMap((entry) => {
    const [first = '', last = first] = entry.split('-');
    const count = Number(last) - Number(first) + 1;
    return Array.from({ length: count }, (_, i) => String(Number(first) + i).padStart(first.length, '0'));
  });
}

const TABLE: ReadonlyMap<string, (value: string) => boolean> = new Map([
  ...SYNTAX.flatMap(([format, ais]) => expand(ais).map((ai) => [ai, valueSyntax(format)] as const)),
  ...MEASURES.flatMap((family) => expand(`${family}0-${family}5`)).map((ai) => [ai, valueSyntax('N6')] as const),
]);

const MEASURED = /^(?:30|3[1256]\d\d)$/;

/** What must stand beside an AI, other than a GTIN and a serial, which every label has. */
const NEEDS: readonly (readonly [ais: string, other: RegExp])[] = [
  ['427', /^422$/],
  ['7004', /^10$/],
  ['7020', /^416$/],
  ['7022', /^7021$/],
  ['3920-3929 3930-3939 3950-3955', MEASURED],
  ['403 4300-4302 4304-4312 4314-4326 4330-4333', /^00$/],
  ['4303', /^4302$/],
  ['4313', /^4312$/],
  ['7241 7242 7253-7256', /^801[78]$/],
  ['7250-7252 7257 7259', /^8018$/],
];
const NEEDED: ReadonlyMap<string, RegExp> = new Map(
  NEEDS.flatMap(([ais, other]) => expand(ais).map((ai) => [ai, other] as const)),
);

/** What must not stand beside an AI. Several decimal places of one measure contradict each other. */
const BARS: readonly (readonly [ais: string, other: RegExp])[] = [
  ['422-425', /^426$/],
  ['420', /^421$/],
  ['421', /^4307$/],
  ['3920-3929', /^39[23]\d$/],
  ['3930-3939', /^393\d$/],
  ['3950-3955', /^(?:39[235]\d|8005)$/],
  ['4330', /^4331$/],
  ['4332', /^4333$/],
  ['7250', /^7251$/],
  ['7253-7255', /^725[69]$/],
  ['8017', /^8018$/],
  ...MEASURES.map((family) => [`${family}0-${family}5`, new RegExp(`^${family}\\d$`)] as const),
];
const BARRED: ReadonlyMap<string, RegExp> = new Map(
  BARS.flatMap(([ais, other]) => expand(ais).map((ai) => [ai, other] as const)),
);

/** Whether this AI may be a data attribute of a GTIN label. */
export function isAllowedAttribute(ai: string): boolean {
  return TABLE.has(ai);
}

/** Whether the value has the syntax that the AI asks for. */
export function isValidAttributeValue(ai: string, value: string): boolean {
  return TABLE.get(ai)?.(value) ?? false;
}

/** The associations of AIs: the first attribute that lacks what it needs or stands beside what it excludes. */
export function findAssociationFault(
  ais: readonly string[],
): { ai: string; reason: 'needs-another-ai' | 'excluded-ai' } | undefined {
  for (const ai of ais) {
    const needed = NEEDED.get(ai);
    if (needed !== undefined && !ais.some((other) => needed.test(other))) return { ai, reason: 'needs-another-ai' };
    const barred = BARRED.get(ai);
    if (barred !== undefined && ais.some((other) => other !== ai && barred.test(other))) {
      return { ai, reason: 'excluded-ai' };
    }
  }
  return undefined;
}
