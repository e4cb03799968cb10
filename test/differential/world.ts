import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { TrustStore } from '#label';
import { createTrustStore, type Certificate, type Crl, type RevocationReason } from '#pki';
import { createCountryCa, createCrl, createLabelSigner, createRoot, fileSigner, type Authority } from '#pki/sign';
import type { PlainCertificate, PlainRevocation, PlainTrust, Span } from './judge.js';

/*
 * One world described twice: as certificates, CRLs and bundle dates for the code under test, and in plain words,
 * written by hand, for the second reading.
 */

export const DAY = 86_400_000;
export const at = (text: string): number => Date.parse(text.length === 10 ? `${text}T00:00:00Z` : text);

export const HOSTS = ['q.example.org', 'k.example.org', 'localhost'];
export const GTINS = ['09521234543213', '19521234543210', '09521230000017', '09521239999992', '00614141123452'];
/** Moments at which something changes. */
export const MOMENTS = {
  caBegins: at('2026-04-01T06:00:00Z'),
  leafBegins: at('2026-03-01T10:00:00Z'),
  revoked: at('2026-07-10T12:00:00Z'),
  crlBegins: at('2026-05-01T00:00:00Z'),
  crlEnds: at('2026-08-01T00:00:00Z'),
  bundleIssued: at('2026-06-01T09:00:00Z'),
  bundleNext: at('2026-07-01T09:00:00Z'),
  bundleDies: at('2026-08-30T09:00:00Z'),
  windowEnds: at('2026-11-01T10:00:00Z'),
  leafEnds: at('2027-02-01T10:00:00Z'),
};
export const VOIDS = ['7KQ4M9XW2T', 'ABCDEFGHJKMN'];
export const RECALLED_LOTS = ['L2609B', 'X'];

export interface WorldSigner {
  readonly name: string;
  readonly kid: string;
  readonly privateKey: KeyObject;
}

export interface Scene {
  readonly name: string;
  readonly store: TrustStore;
  readonly plain: PlainTrust;
}

export interface World {
  readonly signers: readonly WorldSigner[];
  /** A key that no certificate names. */
  readonly stranger: KeyObject;
  readonly scenes: readonly Scene[];
}

const FOREVER: Span = { from: at('2017-01-01'), until: at('2028-01-01') };
const BRIEF: Span = { from: MOMENTS.crlBegins, until: MOMENTS.crlEnds };
/** The kid under which one scene files three certificates at once. */
const SHARED = '00000000feedc0de';
const newKey = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const subject = (commonName: string) => ({ commonName, organisation: 'Differential test', country: 'KG' });
const CA_SCOPE = { country: '417', gtinPrefixes: ['9521230', '9521234', '0614141'], hosts: HOSTS };
const NARROW = { country: '417', gtinPrefixes: ['95212345', '9521230000'], hosts: ['q.example.org', 'localhost'] };

interface Ca extends Authority {
  readonly crl: Span | undefined;
  readonly revocations: { serialNumber: string; revokedAt: Date; reason: RevocationReason }[];
}

interface Leaf {
  readonly signer: WorldSigner;
  readonly certificate: Certificate;
  readonly plain: PlainCertificate;
}

class Builder {
  readonly leaves: Leaf[] = [];
  readonly cas: Ca[] = [];
  readonly root = this.newRoot();
  /** Pinned like the first and of the same name, but its CRL is in force for a while only. */
  readonly briefRoot = this.newRoot();
  readonly #rootRevocations: Ca['revocations'] = [];

  newRoot(): Authority {
    const signer = fileSigner(newKey());
    const request = { subject: subject('Root'), notBefore: new Date(FOREVER.from), signer };
    return { signer, certificate: createRoot(request) };
  }

  ca(name: string, crl: Span | undefined, root = this.root, begins = at('2018-01-01')): Ca {
    const signer = fileSigner(newKey());
    const certificate = createCountryCa(root, {
      subject: subject(name),
      notBefore: new Date(begins),
      publicKey: signer.publicKey,
      crlUrl: 'http://crl.example.org/root.crl',
      scope: CA_SCOPE,
    });
    const ca = { signer, certificate, crl, revocations: [] };
    this.cas.push(ca);
    return ca;
  }

  revokeCa(ca: Ca, reason: RevocationReason): PlainRevocation {
    const { serialNumber } = ca.certificate;
    this.#rootRevocations.push({ serialNumber, revokedAt: new Date(MOMENTS.revoked), reason });
    return { reason, at: MOMENTS.revoked };
  }

  leaf(ca: Ca, name: string, chain: PlainCertificate['chain'], more: Partial<LeafChange> = {}): Leaf {
    const { scope = NARROW, reason, inherited = [], privateKey = newKey() } = more;
    const key = createPublicKey(privateKey);
    const [begins, windowEnds, ends] = [MOMENTS.leafBegins, MOMENTS.windowEnds, MOMENTS.leafEnds];
    const certificate = createLabelSigner(ca, {
      subject: subject(name),
      notBefore: new Date(begins),
      signingUntil: new Date(windowEnds),
      notAfter: new Date(ends),
      publicKey: key,
      crlUrl: 'http://crl.example.org/ca.crl',
      scope,
    });
    const own = reason === undefined ? [] : [{ reason, at: MOMENTS.revoked }];
    if (reason !== undefined) {
      const { serialNumber } = certificate;
      ca.revocations.push({ serialNumber, revokedAt: new Date(MOMENTS.revoked), reason });
    }
    const leaf = {
      signer: { name, kid: certificate.kid, privateKey },
      certificate,
      plain: {
        ...{ kid: certificate.kid, key, scope, chain, revocations: [...own, ...inherited] },
        validity: { from: begins, until: ends },
        signing: { from: begins, until: windowEnds },
      },
    };
    this.leaves.push(leaf);
    return leaf;
  }

  crls(): Crl[] {
    const issue = (issuer: Authority, span: Span, revocations: Ca['revocations']): Crl =>
      createCrl(issuer, {
        number: 5n,
        thisUpdate: new Date(span.from),
        nextUpdate: new Date(span.until),
        revocations,
      });
    const own = this.cas.flatMap((ca) => (ca.crl === undefined ? [] : [issue(ca, ca.crl, ca.revocations)]));
    return [issue(this.root, FOREVER, this.#rootRevocations), issue(this.briefRoot, BRIEF, []), ...own];
  }
}

interface LeafChange {
  readonly scope: typeof NARROW;
  readonly reason: RevocationReason;
  readonly inherited: readonly PlainRevocation[];
  readonly privateKey: KeyObject;
}

const REASONS: readonly RevocationReason[] = [
  ...(['unspecified', 'keyCompromise', 'cACompromise', 'affiliationChanged', 'superseded'] as const),
  ...(['cessationOfOperation', 'certificateHold', 'privilegeWithdrawn', 'aACompromise'] as const),
];

function addLeaves(build: Builder): void {
  const good = build.ca('CA in order', FOREVER);
  build.leaf(good, 'in order', FOREVER);
  build.leaf(good, 'for every host', FOREVER, { scope: { ...CA_SCOPE, gtinPrefixes: ['9521234'] } });
  for (const reason of REASONS) build.leaf(good, `revoked: ${reason}`, FOREVER, { reason });
  build.leaf(build.ca('CA with a brief CRL', BRIEF), 'brief CRL', BRIEF);
  build.leaf(build.ca('CA without a CRL', undefined), 'no CRL', 'broken');
  build.leaf(build.ca('CA of a stranger', FOREVER, build.newRoot()), 'not anchored', 'broken');
  const late = build.ca('late CA', FOREVER, build.root, MOMENTS.caBegins);
  build.leaf(late, 'late CA', { from: MOMENTS.caBegins, until: FOREVER.until });
  for (const reason of ['superseded', 'keyCompromise'] as const) {
    const ca = build.ca(`CA revoked: ${reason}`, FOREVER);
    build.leaf(ca, `CA revoked: ${reason}`, FOREVER, { inherited: [build.revokeCa(ca, reason)] });
  }
  // One CRL ended, one revocation in the other: the broken path comes first in section 4.
  const both = build.ca('CA revoked with a brief CRL', BRIEF);
  build.leaf(both, 'CA revoked, brief CRL', BRIEF, { inherited: [build.revokeCa(both, 'keyCompromise')] });
  const below = build.ca('CA below a brief CRL', FOREVER, build.briefRoot);
  build.leaf(below, 'revoked below a brief CRL', BRIEF, { reason: 'keyCompromise' });
  const one = build.leaf(good, 'twin, revoked', FOREVER, { reason: 'keyCompromise' });
  build.leaf(good, 'twin, elsewhere', FOREVER, {
    privateKey: one.signer.privateKey,
    scope: { ...CA_SCOPE, gtinPrefixes: ['0614141'] },
  });
  build.leaf(good, 'twin, in order', FOREVER, { privateKey: one.signer.privateKey });
}

/** Builds the world; slow (a second), so once for a run. */
export function buildWorld(): World {
  const build = new Builder();
  addLeaves(build);
  const { leaves, cas, root, briefRoot } = build;
  const lists = {
    voids: new Set(VOIDS.map((serial) => `09521234543213/${serial}`)),
    recalls: new Set(RECALLED_LOTS.map((lot) => `09521234543213/${lot}`)),
  };
  const data = {
    roots: [root.certificate, briefRoot.certificate],
    certificates: [...cas, ...leaves].map(({ certificate }) => certificate),
    crls: build.crls(),
    voids: new Map([['09521234543213', new Set(VOIDS)]]),
    recalls: new Map([['09521234543213', new Set(RECALLED_LOTS)]]),
  };
  const twins = leaves.filter(({ signer }) => signer.name.startsWith('twin'));
  const shared = twins.map(({ plain }) => ({ ...plain, kid: SHARED }));
  const certificates = [...leaves.map(({ plain }) => plain), ...shared];
  const scene = (name: string, hosts: string[], span?: Span): Scene => {
    const bundle = span && { seq: 7, issuedAt: new Date(span.from), nextUpdate: new Date(span.until) };
    const store = createTrustStore({ ...data, hosts, ...(bundle && { bundle }) });
    const underOne = twins.flatMap(({ signer }) => store.certificates(signer.kid));
    return {
      name,
      store: { ...store, certificates: (kid) => (kid === SHARED ? underOne : store.certificates(kid)) },
      plain: {
        ...lists,
        hosts,
        certificates,
        ...(span && { bundle: { issuedAt: span.from, nextUpdate: span.until } }),
      },
    };
  };
  const [issued, next] = [MOMENTS.bundleIssued, MOMENTS.bundleNext];
  const [first] = twins;
  return {
    signers: [...leaves.map(({ signer }) => signer), ...(first ? [{ ...first.signer, kid: SHARED }] : [])],
    stranger: newKey(),
    scenes: [
      scene('loose certificates', HOSTS),
      scene('a bundle', HOSTS, { from: issued, until: next }),
      scene('a bundle that never grows stale', HOSTS, { from: issued, until: issued + 400 * DAY }),
      scene('a bundle for one host', ['q.example.org'], { from: issued, until: next }),
    ],
  };
}
