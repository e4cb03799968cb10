import type { UnitCode } from '#contracts';
import type { TypedCodeRefusal } from '#label';

/** Every text of the public pages; a language is one file of this shape. */
export interface Texts {
  /** The language's own name, and a short form for the switch. */
  language: { name: string; short: string };
  site: string;
  /** Beside the switch, for those who hear the page. */
  chooseLanguage: string;
  demo: string;
  band: {
    expired: (day: string) => string;
    recallReason: string;
    voided: (day: string) => string;
    voidReasons: Record<'spoilt' | 'lost' | 'destroyed', string>;
    notListed: string;
  };
  product: {
    netContent: string;
    gtin: string;
    lot: string;
    serial: string;
    packedOn: string;
    bestBefore: string;
    signedOn: string;
    scans: (count: number, since: string) => string;
    firstScan: string;
  };
  claims: { heading: string; note: string };
  identity: { heading: string };
  origin: { heading: string; altitude: (metres: string) => string; map: (village: string, country: string) => string };
  producer: { heading: string; anonymous: (village: string | null) => string };
  steps: {
    heading: string;
    used: string;
    made: string;
    corrected: string;
    none: string;
  };
  certification: {
    heading: string;
    number: string;
    decidedOn: string;
    validUntil: string;
    ended: (day: string) => string;
    none: string;
  };
  limits: { heading: string; items: string[] };
  trust: (seq: number, day: string) => string;
  trustAge: (days: number) => string;
  units: Record<UnitCode, (count: number) => string>;
  check: {
    heading: string;
    lead: string;
    code: string;
    codeHint: string;
    gtin: string;
    gtinHint: string;
    submit: string;
    faults: Record<TypedCodeRefusal['reason'], string>;
    gtinFault: string;
    several: string;
  };
  home: { heading: string; lead: string; howHeading: string; how: string[]; check: string; documents: string };
  errors: Record<'notFound' | 'tooMany' | 'unavailable' | 'broken', { heading: string; text: string }>;
  nav: { home: string; check: string };
}
