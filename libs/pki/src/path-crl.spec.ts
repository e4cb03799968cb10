import { describe, expect, it } from '@jest/globals';
import { createPathValidator, oids, reasonCodes, type Certificate, type Crl, type RevocationReason } from '#pki';
import { NOW, SCOPE } from '../test/authority.js';
import { critical, forgeChain, forgeCrl, newKey, sha1 } from '../test/forge.js';
import { date, ISSUED, judge } from '../test/judge.js';
import * as extension from './sign/extensions.js';

describe('CRLs', () => {
  const chain = forgeChain();
  const root = forgeCrl(chain.root);
  const leaf: Certificate = chain.leaf.certificate;
  const withCa = (...crls: Crl[]): string => judge(chain, [root, ...crls]);
  const of = (recipe: Parameters<typeof forgeCrl>[1]): Crl => forgeCrl(chain.ca, recipe);

  it.each([
    ['none of the CA', [], 'crl-missing'],
    ['an expired one', [of({ nextUpdate: date('2026-09-19') })], 'crl-expired'],
    ['one without an end', [of({ nextUpdate: undefined })], 'crl-expired'],
    ['one from the future', [of({ thisUpdate: date('2026-09-21') })], 'crl-not-yet-valid'],
    ['one signed with the wrong key', [of({ signedBy: newKey() })], 'crl-signature'],
    ['one signed with SHA-1', [of({ algorithm: sha1 })], 'signature-algorithm'],
    ['one without a number', [of({ number: undefined })], 'crl-number'],
    ['an indirect one', [of({ extensions: [critical(oids.issuingDistributionPoint)] })], 'crl-extension'],
    ['a delta', [of({ extensions: [critical('2.5.29.27')] })], 'crl-extension'],
    [
      'an indirect entry',
      [of({ revoked: { of: chain.root.certificate, at: NOW, extensions: [critical(oids.certificateIssuer)] } })],
      'crl-extension',
    ],
    [
      'an older one in force beside a newer one that has ended',
      [of({ number: 1n }), of({ number: 2n, nextUpdate: date('2026-09-19') })],
      'crl-expired',
    ],
  ])('refuses %s', (_, crls, fault) => {
    expect(withCa(...crls)).toBe(fault);
  });

  it('holds at both ends of its period', () => {
    const crl = of({ thisUpdate: NOW, nextUpdate: NOW });
    expect(withCa(crl)).toBe('ok');
  });

  it('refuses a CRL of a CA that may not sign CRLs, and asks for the root CRL too', () => {
    const extensions = [
      extension.basicConstraints({ ca: true, pathLength: 0 }),
      extension.keyUsage('keyCertSign'),
      extension.labelScope(SCOPE),
    ];
    expect(judge(forgeChain({ ca: { extensions } }))).toBe('crl-key-usage');
    expect(judge(chain, [of({})])).toBe('crl-missing');
  });

  it('never goes back behind a number already seen', () => {
    const crls = [root, of({ number: 7n })];
    const material = { roots: [chain.root.certificate], certificates: [chain.ca.certificate, leaf], crls };
    const { keyHash } = chain.ca.certificate;
    const seen = createPathValidator(material).crlNumbers();
    expect(seen.get(keyHash)).toBe(7n);
    const judgeAfter = (number: bigint): boolean =>
      createPathValidator({ ...material, minimumCrlNumbers: new Map([[keyHash, number]]) }).judge(leaf, NOW, ISSUED).ok;
    expect([judgeAfter(6n), judgeAfter(7n), judgeAfter(8n)]).toEqual([true, true, false]);
  });

  it('ignores a forged CRL beside a good one', () => {
    expect(withCa(of({ number: 99n, signedBy: newKey() }), of({ number: 1n }))).toBe('ok');
  });

  const revoked = (reason: RevocationReason, at: Date): string => {
    const extensions = reason === 'unspecified' ? undefined : [extension.reasonCode(reasonCodes[reason])];
    return withCa(of({ revoked: { of: leaf, at, ...(extensions === undefined ? {} : { extensions }) } }));
  };

  it.each(['superseded', 'cessationOfOperation', 'affiliationChanged'] as const)(
    'spares labels issued before a revocation as %s',
    (reason) => {
      expect(revoked(reason, date('2026-09-02'))).toBe('ok');
      expect(revoked(reason, new Date('2026-09-01T10:00:00Z'))).toBe(`revoked: ${reason}`);
      expect(revoked(reason, ISSUED)).toBe(`revoked: ${reason}`);
      expect(revoked(reason, date('2026-08-01'))).toBe(`revoked: ${reason}`);
    },
  );

  it.each([
    'unspecified',
    'keyCompromise',
    'cACompromise',
    'certificateHold',
    'removeFromCRL',
    'privilegeWithdrawn',
    'aACompromise',
  ] as const)('refuses every label after a revocation as %s', (reason) => {
    expect(revoked(reason, date('2026-09-19'))).toBe(`revoked: ${reason}`);
  });

  it('takes an unknown reason for the worst', () => {
    const crl = of({ revoked: { of: leaf, at: NOW, extensions: [extension.reasonCode(42)] } });
    expect(withCa(crl)).toBe('revoked: unspecified');
  });

  it('carries a revoked CA down to its leaves', () => {
    const at = date('2026-09-10');
    const by = (code: number): string =>
      judge(chain, [
        forgeCrl(chain.root, { revoked: { of: chain.ca.certificate, at, extensions: [extension.reasonCode(code)] } }),
        of({}),
      ]);
    expect([by(reasonCodes.cACompromise), by(reasonCodes.cessationOfOperation)]).toEqual([
      'revoked: cACompromise',
      'ok',
    ]);
  });
});
