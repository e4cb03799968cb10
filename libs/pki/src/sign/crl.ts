import { AppError } from '#contracts';
import { parseCrl, type Crl } from '../crl.js';
import { element, integer, sequence, time, unsigned } from '../der-write.js';
import { reasonCodes, type RevocationReason } from '../revocation.js';
import type { Authority } from './certificates.js';
import * as extension from './extensions.js';
import { ECDSA_SHA256, signTbs } from './issue.js';
import { keyHashOf } from '../certificate.js';

/** One revoked certificate. */
export interface Revocation {
  /** Hexadecimal, as `Certificate.serialNumber` gives it. */
  readonly serialNumber: string;
  readonly revokedAt: Date;
  readonly reason: RevocationReason;
  readonly invalidFrom?: Date;
}

export interface CrlRequest {
  /** Only ever grows (section 6). */
  readonly number: bigint;
  readonly thisUpdate: Date;
  /** 100 days after thisUpdate when absent. */
  readonly nextUpdate?: Date;
  readonly revocations: readonly Revocation[];
}

/**
 * Longer than the 90 days that a trust bundle may be used for. With a CRL that ended sooner, path validation would
 * refuse every label before the bundle's own age could be told (VALID_STALE_TRUST would never be seen). How fresh
 * revocation data are is judged by the bundle's age.
 */
const CRL_LIFETIME = 100 * 86_400_000;

/** A CRL in DER, the form in which CRLs are published (section 6). Direct and complete, never indirect or delta. */
export function createCrl(authority: Authority, request: CrlRequest): Crl {
  const { certificate, signer } = authority;
  if (certificate.keyHash !== keyHashOf(signer.publicKey)) {
    throw new AppError('invalid', 'the issuing key does not belong to the issuing certificate');
  }
  const serials = request.revocations.map(({ serialNumber }) => serialNumber);
  if (new Set(serials).size !== serials.length) throw new AppError('invalid', 'a certificate is revoked twice');
  const nextUpdate = request.nextUpdate ?? new Date(request.thisUpdate.getTime() + CRL_LIFETIME);
  const tbs = sequence(
    integer(1),
    ECDSA_SHA256,
    Buffer.from(certificate.subject, 'hex'),
    time(request.thisUpdate),
    time(nextUpdate),
    ...(request.revocations.length === 0 ? [] : [sequence(...request.revocations.map(entry))]),
    element(0xa0, sequence(extension.authorityKeyIdentifier(signer.publicKey), extension.cRLNumber(request.number))),
  );
  const crl = parseCrl(signTbs(tbs, signer));
  if (!Buffer.from(crl.tbs).equals(tbs)) throw new AppError('unavailable', 'the signed CRL differs from its draft');
  return crl;
}

/** The reason is left out when it is `unspecified`, and so are extensions when there are none (RFC 5280 5.3.1). */
function entry(revocation: Revocation): Uint8Array {
  const extensions = [
    ...(revocation.reason === 'unspecified' ? [] : [extension.reasonCode(reasonCodes[revocation.reason])]),
    ...(revocation.invalidFrom === undefined ? [] : [extension.invalidityDate(revocation.invalidFrom)]),
  ];
  const { serialNumber } = revocation;
  return sequence(
    unsigned(Buffer.from(serialNumber.length % 2 === 0 ? serialNumber : `0${serialNumber}`, 'hex')),
    time(revocation.revokedAt),
    ...(extensions.length === 0 ? [] : [sequence(...extensions)]),
  );
}
