import { describe, expect, it } from '@jest/globals';
import type { Extension } from '@peculiar/asn1-x509';
import { createPathValidator, oids } from '#pki';
import { NOW, SCOPE } from '../test/authority.js';
import {
  caExtensions,
  critical,
  forge,
  forgeChain,
  forgeCrl,
  leafExtensions,
  newKey,
  rsaKey,
  rsaSha256,
  sha1,
  type Forged,
} from '../test/forge.js';
import { crlsOf, date, ISSUED, judge, type Three } from '../test/judge.js';
import { hasOpenssl, opensslVerify } from '../test/openssl.js';
import * as extension from './sign/extensions.js';

function openssl(chain: Three, crls = crlsOf(chain), now = NOW, more: Forged[] = []): string {
  const der = ({ certificate }: Forged): Uint8Array => certificate.der;
  return opensslVerify({
    root: der(chain.root),
    untrusted: [chain.ca, ...more].map(der),
    leaf: der(chain.leaf),
    crls: crls.map((crl) => crl.der),
    at: now,
  });
}

const past = { notBefore: date('2020-01-01'), notAfter: date('2026-09-19') };
const noSign = [
  extension.basicConstraints({ ca: true, pathLength: 0 }),
  extension.keyUsage('cRLSign'),
  extension.labelScope(SCOPE),
];
const wider = (change: object): { leaf: { extensions: Extension[] } } => ({
  leaf: { extensions: leafExtensions({ ...SCOPE, ...change }) },
});
const without = (index: number): { leaf: { extensions: Extension[] } } => ({
  leaf: { extensions: leafExtensions().filter((_, i) => i !== index) },
});

// The third column says whether OpenSSL refuses the chain too: it knows neither our scope nor our purpose.
const BAD: readonly [string, Parameters<typeof forgeChain>[0], string, boolean][] = [
  ['an expired leaf', { leaf: past }, 'expired', true],
  ['a leaf that begins after its issue day', { leaf: { notBefore: date('2026-09-02') } }, 'not-yet-valid', false],
  ['an expired CA', { ca: past }, 'expired', true],
  ['a CA that has not begun', { ca: { notBefore: date('2026-09-21') } }, 'not-yet-valid', true],
  ['an expired root', { root: past }, 'expired', true],
  ['CA:FALSE in the middle', { ca: { extensions: leafExtensions(SCOPE) } }, 'not-a-ca', true],
  ['no basicConstraints in the middle', { ca: { extensions: caExtensions(0, SCOPE).slice(1) } }, 'not-a-ca', true],
  ['a root of path length 0', { root: { extensions: caExtensions(0) } }, 'path-length', true],
  ['a CA that may not sign certificates', { ca: { extensions: noSign } }, 'key-usage', true],
  [
    'a leaf that may not sign',
    { leaf: { extensions: [extension.keyUsage('keyAgreement'), ...leafExtensions().filter((_, i) => i !== 1)] } },
    'key-usage',
    false,
  ],
  ['a leaf without keyUsage', without(1), 'key-usage', false],
  ['a leaf without the purpose', without(2), 'extended-key-usage', false],
  [
    'a leaf of another purpose',
    { leaf: { extensions: [...without(2).leaf.extensions, extension.extendedKeyUsage(oids.bundleSigning)] } },
    'extended-key-usage',
    false,
  ],
  ['a leaf without a scope', without(3), 'scope-missing', false],
  ['a CA without a scope', { ca: { extensions: caExtensions(0) } }, 'scope-missing', false],
  [
    'a CA as leaf',
    {
      ca: { extensions: caExtensions(1, SCOPE) },
      root: { extensions: caExtensions(2) },
      leaf: { extensions: caExtensions(0, SCOPE) },
    },
    'ca-as-leaf',
    false,
  ],
  ['a wider GTIN prefix', wider({ gtinPrefixes: ['952123'] }), 'scope-wider', false],
  ['another host', wider({ hosts: ['q.example.org', 'evil.example.org'] }), 'scope-wider', false],
  ['another country', wider({ country: '398' }), 'scope-wider', false],
  [
    'an unknown critical extension in the leaf',
    { leaf: { extensions: [...leafExtensions(), critical(`${oids.labelScope}.9`)] } },
    'unknown-critical-extension',
    false,
  ],
  [
    'an unknown critical extension in the CA',
    { ca: { extensions: [...caExtensions(0, SCOPE), critical('2.5.29.30')] } },
    'unknown-critical-extension',
    false,
  ],
  ['the right name and the wrong key', { leaf: { signedBy: newKey() } }, 'signature', true],
  ['a CA that the root did not sign', { ca: { signedBy: newKey() } }, 'signature', true],
  ['a leaf signed with SHA-1', { leaf: { algorithm: sha1 } }, 'signature-algorithm', false],
  ['a CA with a key on P-521', { ca: { key: newKey('P-521') } }, 'key-type', false],
  ['a CA with an RSA key', { ca: { key: rsaKey() }, leaf: { algorithm: rsaSha256 } }, 'signature-algorithm', false],
  ['a leaf with a key on P-521', { leaf: { key: newKey('P-521') } }, 'key-type', false],
  ['a certificate of version 1', { leaf: { version: 1 } }, 'version', false],
];

describe('paths', () => {
  it('lets a sound one pass, up to the last instant of every certificate', () => {
    const end = date('2026-10-01');
    expect(judge(forgeChain())).toBe('ok');
    for (const place of ['root', 'ca', 'leaf']) {
      const chain = forgeChain({ [place]: { notAfter: end } });
      expect([judge(chain, crlsOf(chain), end), judge(chain, crlsOf(chain), new Date(end.getTime() + 1))]).toEqual([
        'ok',
        'expired',
      ]);
      const late = forgeChain({ [place]: { notBefore: ISSUED } });
      expect(judge(late, crlsOf(late), ISSUED)).toBe('ok');
    }
  });

  it.each(BAD)('refuses %s', (_, change, fault) => {
    expect(judge(forgeChain(change))).toBe(fault);
  });

  (hasOpenssl ? it : it.skip)('agrees with OpenSSL wherever it has an opinion', () => {
    expect(openssl(forgeChain())).toBe('OK');
    const passed = BAD.filter(([, , , refused]) => refused).filter(
      ([, change]) => openssl(forgeChain(change)) === 'OK',
    );
    expect(passed.map(([name]) => name)).toEqual([]);
  });

  it('keeps the leaf to its issue day but not the CA', () => {
    const chain = forgeChain({ leaf: { notAfter: date('2026-10-01') } });
    expect(judge(chain, crlsOf(chain), NOW, [], date('2026-10-02'))).toBe('expired');
    const young = forgeChain({ ca: { notBefore: date('2026-09-10') } });
    expect(judge(young)).toBe('ok');
  });

  it('trusts pinned roots only, by the hash of their key', () => {
    const chain = forgeChain();
    const other = forgeChain();
    const twin = { ...chain, root: other.root };
    expect(judge(twin, crlsOf(chain))).toBe('signature');
    expect(judge(twin, crlsOf(chain), NOW, [chain.root])).not.toBe('ok');
    const material = { roots: [chain.root.certificate], certificates: [chain.ca.certificate], crls: crlsOf(chain) };
    const pin = (...keys: string[]): boolean =>
      createPathValidator({ ...material, pinnedKeys: new Set(keys) }).judge(chain.leaf.certificate, NOW, ISSUED).ok;
    expect([pin(chain.root.certificate.keyHash), pin(other.root.certificate.keyHash), pin()]).toEqual([
      true,
      false,
      false,
    ]);
    expect(judge({ ...chain, ca: other.leaf, leaf: chain.leaf }, crlsOf(chain))).toBe('no-issuer');
  });

  it('refuses a CA between country and leaf', () => {
    const chain = forgeChain({ root: { extensions: caExtensions(1) } });
    const middle = forge({ name: 'Middle', issuer: chain.ca, extensions: caExtensions(0, SCOPE) });
    const leaf = forge({ name: 'Deep', issuer: middle, extensions: leafExtensions() });
    const crls = [...crlsOf(chain), forgeCrl(middle)];
    expect(judge({ ...chain, leaf }, crls, NOW, [middle])).toBe('path-length');
    if (hasOpenssl) expect(openssl({ ...chain, leaf }, crls, NOW, [middle])).not.toBe('OK');
  });

  it('refuses the chain that a name-only builder makes: through an expired leaf', () => {
    const chain = forgeChain({ ca: { ...past, extensions: leafExtensions(SCOPE) } });
    expect(judge(chain)).toBe('not-a-ca');
  });

  it('finds the sound one of several same-named CAs, and is not stalled by many', () => {
    const chain = forgeChain();
    const renewed = forge({
      name: 'CA',
      issuer: chain.root,
      key: chain.ca.key,
      extensions: caExtensions(0, SCOPE),
      ...past,
    });
    const fakes = Array.from({ length: 10 }, () => forge({ name: 'CA', extensions: caExtensions(0, SCOPE) }));
    expect(judge({ ...chain, ca: renewed }, crlsOf(chain), NOW, [chain.ca])).toBe('ok');
    expect(judge({ ...chain, ca: fakes[0] ?? chain.ca }, crlsOf(chain), NOW, [...fakes.slice(1), chain.ca])).toBe('ok');
    const heap = Array.from({ length: 500 }, () => fakes[0] ?? chain.ca);
    expect(judge({ ...chain, ca: fakes[0] ?? chain.ca }, crlsOf(chain), NOW, heap)).toBe('signature');
  });

  it('judges anew as time passes, although it remembers what does not change', () => {
    const chain = forgeChain({ leaf: { notAfter: date('2026-11-01') } });
    const paths = createPathValidator({
      roots: [chain.root.certificate],
      certificates: [chain.ca.certificate],
      crls: crlsOf(chain),
    });
    const at = (now: Date): boolean => paths.judge(chain.leaf.certificate, now, ISSUED).ok;
    expect([NOW, date('2026-11-02'), NOW, date('2026-08-01'), NOW].map(at)).toEqual([true, false, true, false, true]);
  });
});
