import { createPathValidator, type Crl } from '#pki';
import { NOW } from './authority.js';
import { forgeCrl, type Forged } from './forge.js';

/** Judging forged chains. */

export type Three = { root: Forged; ca: Forged; leaf: Forged };
export const ISSUED = new Date('2026-09-01T00:00:00Z');
export const date = (text: string): Date => new Date(`${text}T00:00:00Z`);
export const crlsOf = ({ root, ca }: Three): Crl[] => [forgeCrl(root), forgeCrl(ca)];

/** A verdict on a chain in a word: ok, the fault, or the reason of a revocation. */
export function judge(chain: Three, crls = crlsOf(chain), now = NOW, more: Forged[] = [], issued = ISSUED): string {
  const certificates = [chain.ca, chain.leaf, ...more].map(({ certificate }) => certificate);
  const paths = createPathValidator({ roots: [chain.root.certificate], certificates, crls });
  const judgement = paths.judge(chain.leaf.certificate, now, issued);
  return judgement.ok ? 'ok' : judgement.code === 'KEY_REVOKED' ? `revoked: ${judgement.reason}` : judgement.reason;
}
