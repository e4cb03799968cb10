import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { AppError, CertificateIssued } from '#contracts';
import type { Certificate, Crl } from '#pki';
import { sealKey } from '#pki/sign';
import { CLOCK, CONFIG, ConfigError, LOG, newId, publish, type Clock, type Log } from '#platform';
import { Audit } from '../audit.js';
import { markBundleChanged } from '../bundle/bundle.queries.js';
import type { Config } from '../config.js';
import { Database, type Tx } from '../database.js';
import { isIssued } from './certificate.queries.js';
import { CrlService } from './crl.service.js';
import { readAuthority, readRoot, type Imported, type ImportedAuthority } from './import.files.js';
import { offlineCustody } from './offline.js';
import { certificateOf } from './issue.service.js';

/** Takes in what a key ceremony made: once the authority, and from then on every newer CRL of the offline root. */
@Injectable()
export class ImportService implements OnModuleInit {
  constructor(
    private readonly db: Database,
    private readonly crls: CrlService,
    private readonly audit: Audit,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly now: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /**
   * An authority that can not be used ends the start.
   * @throws {ConfigError} saying what is wrong with the folder
   */
  async onModuleInit(): Promise<void> {
    try {
      await this.perform();
    } catch (error) {
      if (error instanceof AppError && error.code !== 'unavailable')
        throw new ConfigError(`AUTHORITY_DIR: ${error.message}`, { cause: error });
      this.log.emit('warn', 'the authority could not be taken in yet', {}, error);
    }
  }

  /** Does what is due; nothing without AUTHORITY_DIR. */
  async perform(): Promise<void> {
    const { AUTHORITY_DIR: directory, authorityPassphrase: passphrase } = this.config;
    if (directory === undefined) return;
    const authority = await this.db.authority.findUnique({ where: { id: 1 } });
    if (authority !== null) return this.takeRootCrl(directory);
    if (passphrase === undefined) throw new AppError('invalid', 'AUTHORITY_PASSPHRASE_FILE is needed to take it in');
    const read = await readAuthority(directory, passphrase, this.now());
    const host = this.config.labelOrigin.host;
    for (const { slot, certificate } of read.members)
      if (certificate.scope?.hosts.includes(host) === false)
        throw new AppError('invalid', `${slot} may not sign labels of ${host}, the host of PUBLIC_BASE_URL`);
    await this.db.write((tx) => this.store(tx, read));
  }

  /** The same while the service runs: a folder that is not right is said, and keeps nothing else from being done. */
  async refresh(): Promise<void> {
    try {
      await this.perform();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      this.log.emit('error', 'AUTHORITY_DIR cannot be taken in', {}, error);
    }
  }

  private async store(tx: Tx, { root, rootCrl, members }: ImportedAuthority): Promise<void> {
    const now = this.now();
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('authority', 0))`;
    if ((await tx.authority.findUnique({ where: { id: 1 } })) !== null) return;
    const demo = root.subjectText.replaceAll('\\', '').includes('demo, not for trade');
    await tx.authority.create({ data: { id: 1, demo, createdAt: now, completeAt: now } });
    const rootKey = { ...offlineCustody, ckaId: Uint8Array.from(Buffer.from(root.keyHash, 'hex')) };
    const rootId = await this.storeOne(
      tx,
      { slot: 'root', profile: 'root', country: null, certificate: root },
      rootKey,
    );
    await storeCrl(tx, rootId, rootCrl);
    for (const member of members) {
      const id = await this.storeOne(tx, member, member.privateKey, rootId);
      if (member.crl !== null) await storeCrl(tx, id, member.crl);
    }
    await markBundleChanged(tx);
    for (const { slot, profile, certificate } of [{ slot: 'root', profile: 'root', certificate: root }, ...members]) {
      const details = { slot, profile, fingerprint: certificate.fingerprint, imported: true };
      const { serialNumber: subject, kid: keyId } = certificate;
      await this.audit.after(tx, { action: 'certificate.issue', subject, keyId, details });
    }
  }

  private async storeOne(
    tx: Tx,
    { slot, profile, country, certificate }: Pick<Imported, 'slot' | 'country' | 'certificate'> & { profile: string },
    key: Imported['privateKey'] | (typeof offlineCustody & { ckaId: Uint8Array<ArrayBuffer> }),
    issuerId?: string,
  ): Promise<string> {
    const now = this.now();
    const [id, keyId] = [newId(now), newId(now)];
    const custody = 'token' in key ? key : { sealed: this.seal(key, keyId) };
    const publicKey = Uint8Array.from(certificate.publicKey.spki);
    await tx.signingKey.create({ data: { id: keyId, ...custody, publicKey, createdAt: now } });
    const { scope, subjectText, notBefore, notAfter, fingerprint, kid } = certificate;
    const row = await tx.certificate.create({
      data: {
        ...{ id, slot, profile, country, keyId, subjectText, notBefore, notAfter, fingerprint, kid },
        issuerId: issuerId ?? null,
        crlUrl: issuerId === undefined ? null : this.crls.url('root'),
        subject: { text: subjectText },
        serialNumber: Uint8Array.from(Buffer.from(certificate.serialNumber.padStart(32, '0'), 'hex')),
        ...(scope === undefined ? {} : { scope: toJson(scope) }),
        ...{ createdAt: now, issuedAt: now, der: Uint8Array.from(certificate.der) },
      },
    });
    if (!isIssued(row)) throw new Error(`the certificate ${slot} was not stored whole`);
    await publish(tx, CertificateIssued, fingerprint, { certificate: certificateOf(row) }, now);
    return id;
  }

  private seal(key: Imported['privateKey'], keyId: string): string {
    const { keyEncryptionKey } = this.config;
    if (keyEncryptionKey === undefined) throw new AppError('invalid', 'KEY_ENCRYPTION_KEY is needed to seal its keys');
    return sealKey(key, keyEncryptionKey, keyId);
  }

  /** A CRL of the root with a higher number than the last one, and what it revokes. */
  private async takeRootCrl(directory: string): Promise<void> {
    const { root, rootCrl } = await readRoot(directory);
    await this.db.write(async (tx) => {
      const known = await tx.certificate.findUnique({ where: { slot: 'root' } });
      if (known === null || known.fingerprint !== root.fingerprint)
        throw new AppError('conflict', 'it is of another root than the authority in the database');
      await tx.$executeRaw`SELECT 1 FROM certificate WHERE id = ${known.id}::uuid FOR UPDATE`;
      const last = await tx.crl.findFirst({ where: { issuerId: known.id }, orderBy: { number: 'desc' } });
      if (Number(rootCrl.number ?? 0) <= (last?.number ?? 0)) return;
      await storeCrl(tx, known.id, rootCrl);
      for (const [serialNumber, { revokedAt, reason }] of rootCrl.revoked) {
        const bytes = Uint8Array.from(Buffer.from(serialNumber.padStart(32, '0'), 'hex'));
        const where = { issuerId: known.id, serialNumber: bytes, revokedAt: null };
        await tx.certificate.updateMany({ where, data: { revokedAt, revokedFor: reason } });
      }
      await markBundleChanged(tx);
    });
  }
}

const toJson = (scope: NonNullable<Certificate['scope']>) => ({
  ...scope,
  gtinPrefixes: [...scope.gtinPrefixes],
  hosts: [...scope.hosts],
});

async function storeCrl(tx: Tx, issuerId: string, { number, thisUpdate, nextUpdate, der }: Crl): Promise<void> {
  if (number === undefined || nextUpdate === undefined)
    throw new AppError('invalid', 'a CRL has no number or no nextUpdate');
  await tx.crl.create({
    data: { issuerId, number: Number(number), thisUpdate, nextUpdate, der: Uint8Array.from(der) },
  });
}
