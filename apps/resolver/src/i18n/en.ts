import type { Texts } from './texts.js';
import { plural } from './plural.js';

const count = plural('en');

export const en: Texts = {
  language: { name: 'English', short: 'EN' },
  site: 'One Village One Product',
  chooseLanguage: 'Language',
  demo: 'Demonstration: these goods and makers do not exist. Not for trade.',
  band: {
    expired: (day) => `Best before ${day}: this day has passed`,
    recallReason: 'Reason of the recall',
    voided: (day) => `Cancelled on ${day}`,
    voidReasons: { spoilt: 'spoilt in printing', lost: 'lost', destroyed: 'destroyed' },
    notListed:
      'The signature holds, but this serial has not reached the online register yet. A label printed minutes ago may be on its way; otherwise ask the producer.',
  },
  product: {
    netContent: 'Net content',
    gtin: 'GTIN',
    lot: 'Batch',
    serial: 'Label no.',
    packedOn: 'Packed',
    bestBefore: 'Best before',
    signedOn: 'Label signed',
    scans: (n, since) => `Opened ${n} ${count(n, { one: 'time', other: 'times' })} before, first on ${since}`,
    firstScan: 'Opened now for the first time',
  },
  claims: {
    heading: 'What the label says of itself',
    note: 'Not confirmed. It helps you to report the label and proves nothing about the goods.',
  },
  identity: { heading: 'What this label was issued for' },
  origin: {
    heading: 'Where it was made',
    altitude: (metres) => `about ${metres} m above the sea`,
    map: (village, country) => `Map of ${country} with the place of ${village}`,
  },
  producer: {
    heading: 'Made by',
    anonymous: (village) => (village === null ? 'a registered producer' : `a registered producer of ${village}`),
  },
  steps: {
    heading: 'How this batch was made',
    used: 'Used',
    made: 'Made',
    corrected: 'corrected later',
    none: 'No steps have been published for this batch.',
  },
  certification: {
    heading: 'Certified by',
    number: 'Certificate',
    decidedOn: 'Decided',
    validUntil: 'Valid until',
    ended: (day) => `This certificate ended on ${day}.`,
    none: 'The register shows no committee certificate for this product.',
  },
  limits: {
    heading: 'What this check cannot tell you',
    items: [
      'A signature proves who issued these data. It does not prove that the goods in your hand are the ones described.',
      'A photo or a copy of this label passes the same check. Look at the seal, and at how often the label was opened before.',
      'The steps are recorded by the producer; the committee certified the product, not each step.',
    ],
  },
  trust: (seq, day) => `Checked against trust list no. ${seq} of ${day}`,
  trustAge: (days) => (days <= 0 ? 'today' : `${days} ${count(days, { one: 'day', other: 'days' })} old`),
  units: {
    KGM: () => 'kg',
    GRM: () => 'g',
    LTR: () => 'l',
    MLT: () => 'ml',
    MTR: () => 'm',
    MTK: () => 'm²',
    H87: (n) => count(n, { one: 'piece', other: 'pieces' }),
    PR: (n) => count(n, { one: 'pair', other: 'pairs' }),
    SET: (n) => count(n, { one: 'set', other: 'sets' }),
  },
  check: {
    heading: 'Type the code of a label',
    lead: 'When the square code is torn or you have no camera: type the letters and digits printed under it.',
    code: 'Code',
    codeHint: 'For example 7KQ4-M9XW-2T=. Small letters, spaces and hyphens do not matter.',
    gtin: 'GTIN (if printed)',
    gtinHint: '8 to 14 digits under the barcode. You may leave it empty.',
    submit: 'Check',
    faults: {
      empty: 'Type the code that is printed under the square code.',
      character: 'One of these signs does not occur in our codes. Compare it with the label.',
      length: 'The code has 11 to 13 signs. Some are missing, or there are too many.',
      check: 'At least one sign is wrong. Compare the code with the label once more.',
    },
    gtinFault: 'This is not a GTIN: one digit is wrong or missing.',
    several: 'This code occurs on more than one product. Which one do you hold?',
  },
  home: {
    heading: 'Who made this, where and how',
    lead: 'Village products of Kyrgyzstan, Kazakhstan and Tajikistan carry a signed label. Scan it with the camera of any phone: the page tells you whether the label is genuine, and how this very batch was made.',
    howHeading: 'How to check a label',
    how: [
      'Point your camera at the square code and open the address.',
      'Read the coloured band first: it says whether you can rely on the label.',
      'No camera? Type the code that is printed under it.',
    ],
    check: 'Type a code',
    documents: 'For programs: verification interface',
  },
  errors: {
    notFound: { heading: 'There is no such page', text: 'Check the address, or type the code of your label.' },
    tooMany: { heading: 'Too many requests', text: 'Please wait a minute and try again.' },
    unavailable: {
      heading: 'We cannot check labels just now',
      text: 'This says nothing about your label. Please try again in a few minutes.',
    },
    broken: {
      heading: 'Something went wrong on our side',
      text: 'This says nothing about your label. Please try again.',
    },
  },
  nav: { home: 'Home', check: 'Check another label' },
};
