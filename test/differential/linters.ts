/** The content checks that the dictionary names, for values that stand in a URI without percent-encoding. */
type Linter = (part: string) => boolean;

const between = (part: string, from: number, to: number): boolean => Number(part) >= from && Number(part) <= to;

/** ISO 3166-1 numeric. */
const countries = new Set(
  (
    '004 008 010 012 016 020 024 028 031 032 036 040 044 048 050 051 052 056 060 064 068 070 072 074 076 084 086 090 ' +
    '092 096 100 104 108 112 116 120 124 132 136 140 144 148 152 156 158 162 166 170 174 175 178 180 184 188 191 192 ' +
    '196 203 204 208 212 214 218 222 226 231 232 233 234 238 239 242 246 248 250 254 258 260 262 266 268 270 275 276 ' +
    '288 292 296 300 304 308 312 316 320 324 328 332 334 336 340 344 348 352 356 360 364 368 372 376 380 384 388 392 ' +
    '398 400 404 408 410 414 417 418 422 426 428 430 434 438 440 442 446 450 454 458 462 466 470 474 478 480 484 492 ' +
    '496 498 499 500 504 508 512 516 520 524 528 531 533 534 535 540 548 554 558 562 566 570 574 578 580 581 583 584 ' +
    '585 586 591 598 600 604 608 612 616 620 624 626 630 634 638 642 643 646 652 654 659 660 662 663 666 670 674 678 ' +
    '682 686 688 690 694 702 703 704 705 706 710 716 724 728 729 732 740 744 748 752 756 760 762 764 768 772 776 780 ' +
    '784 788 792 795 796 798 800 804 807 818 826 831 832 833 834 840 850 854 858 860 862 876 882 887 894'
  ).split(' '),
);

/** Weights 3, 1, 3, … from the right, the check digit itself weighing 1. */
export function hasRightCheckDigit(digits: string): boolean {
  const sum = [...digits]
    .reverse()
    .reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 3), 0);
  return sum % 10 === 0;
}

/** YYMMDD or YYYYMMDD; a century is not needed, since 2000 is a leap year. */
function isDate(part: string, dayless: boolean): boolean {
  const [year, month, day] = [part.slice(0, -4), part.slice(-4, -2), part.slice(-2)].map(Number);
  if (year === undefined || month === undefined || day === undefined || month < 1 || month > 12) return false;
  const last = new Date(Date.UTC(year < 100 ? 2000 + year : year, month, 0)).getUTCDate();
  return day <= last && (day >= 1 || dayless);
}

const isTime: Linter = (part) => between(part.slice(0, 2), 0, 23) && between(part.slice(2), 0, 59);

export const linters: Readonly<Record<string, Linter>> = {
  csum: hasRightCheckDigit,
  gcppos1: (part) => /^\d/.test(part),
  gcppos2: (part) => /^.\d/.test(part),
  yymmdd: (part) => isDate(part, false),
  yymmd0: (part) => isDate(part, true),
  yyyymmdd: (part) => isDate(part, false),
  hhmi: isTime,
  hh: (part) => between(part, 0, 23),
  mi: (part) => between(part, 0, 59),
  ss: (part) => between(part, 0, 59),
  iso3166: (part) => countries.has(part),
  iso3166999: (part) => countries.has(part) || part === '999',
  iso5218: (part) => '0129'.includes(part),
  yesno: (part) => '01'.includes(part),
  hyphen: (part) => /^-+$/.test(part),
  zero: (part) => /^0+$/.test(part),
  nonzero: (part) => !/^0+$/.test(part),
  winding: (part) => '019'.includes(part),
  nozeroprefix: (part) => !part.startsWith('0'),
  hasnondigit: (part) => /\D/.test(part),
  latitude: (part) => between(part, 0, 1_800_000_000),
  longitude: (part) => between(part, 0, 3_600_000_000),
  mediatype: (part) => between(part, 1, 10) || between(part, 80, 99),
  pieceoftotal: (part) => {
    const [piece, total] = [Number(part.slice(0, 2)), Number(part.slice(2))];
    return piece >= 1 && piece <= total;
  },
  // Its slash would have to be percent-encoded.
  posinseqslash: () => false,
  // Percent-encoded text: where no `%` can stand, every text is its own encoding.
  pcenc: () => true,
};
