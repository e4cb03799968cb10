import { Name, RevokedCertificate, Time } from '@peculiar/asn1-x509';
import { AppError } from '#contracts';
import { readDer, unsigned, writeDer } from '../asn1.js';
import { keyHashOf } from '../certificate.js';
import { CrlBody, CrlStructure, parseCrl, type Crl } from '../crl.js';
import { reasonCodes, type RevocationReason } from '../revocation.js';
import type { Authority } from './certificates.js';
import * as extension from './extensions.js';
import { ecdsaWithSha256, signTbs } from './issue.js';
import type { Signature, Signed } from './signer.js';

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
export function createCrl<S extends Signature>(authority: Authority<S>, request: CrlRequest): Signed<S, Crl> {
  const { certificate, signer } = authority;
  if (certificate.keyHash !== keyHashOf(signer.publicKey)) {
    throw new AppError('invalid', 'the issuing key does not belong to the issuing certificate');
  }
  const serials = request.revocations.map(({ serialNumber }) => serialNumber);
  if (new Set(serials).size !== serials.length) throw new AppError('invalid', 'a certificate is revoked twice');
  const nextUpdate = request.nextUpdate ?? new Date(request.thisUpdate.getTime() + CRL_LIFETIME);
  const end = new Time(nextUpdate);
  const body = Object.assign(new CrlBody(), {
    version: 1,
    signature: ecdsaWithSha256,
    issuer: readDer(Buffer.from(certificate.subject, 'hex'), Name),
    thisUpdate: new Time(request.thisUpdate),
    utcNextUpdate: end.utcTime,
    generalNextUpdate: end.generalTime,
    revoked: request.revocations.length === 0 ? undefined : request.revocations.map(entry),
    extensions: [extension.authorityKeyIdentifier(signer.publicKey), extension.cRLNumber(request.number)],
  });
  const tbs = writeDer(body);
  return signTbs(tbs, signer, (signature) => {
    const signed = { body, signatureAlgorithm: ecdsaWithSha256, signature };
    const crl = parseCrl(writeDer(Object.assign(new CrlStructure(), signed)));
    if (!Buffer.from(crl.tbs).equals(tbs)) throw new AppError('unavailable', 'the signed CRL differs from its draft');
    return crl;
  });
}

/** The reason is left out when it is `unspecified`, and so are extensions when there are none (RFC 5280 5.3.1). */
function entry(revocation: Revocation): RevokedCertificate {
  const extensions = [
    ...(revocation.reason === 'unspecified' ? [] : [extension.reasonCode(reasonCodes[revocation.reason])]),
    ...(revocation.invalidFrom === undefined ? [] : [extension.invalidityDate(revocation.invalidFrom)]),
  ];
  return new RevokedCertificate({
    userCertificate: unsigned(revocation.serialNumber),
    revocationDate: new Time(revocation.revokedAt),
    ...(extensions.length === 0 ? {} : { crlEntryExtensions: extensions }),
  });
}
