import { Inject, Injectable } from '@nestjs/common';
import { AppError } from '#contracts';
import { parseCrl } from '#pki';
import { createCrl } from '#pki/sign';
import { CLOCK, CONFIG, type Clock } from '#platform';
import { Audit } from '../audit.js';
import { markBundleChanged } from '../bundle/bundle.queries.js';
import type { Config } from '../config.js';
import { Database, type Tx } from '../database.js';
import { openAuthority, revocationsOf } from './certificate.queries.js';
import { isStale } from './certificate.rules.js';
import { Keyring } from './keyring.js';
import { isPresent } from './offline.js';

/** Keeps a current CRL of every CA. */
@Injectable()
export class CrlService {
  constructor(
    private readonly db: Database,
    private readonly keys: Keyring,
    private readonly audit: Audit,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /** Where the CRL of a CA is published; `name` is `root` or a country's two letters in lower case. */
  url(name: string): string {
    return `${this.config.PUBLIC_BASE_URL}/api/labeling/crl/${name}.crl`;
  }

  /** Makes a new CRL for every CA that has none, an old one, or one that lacks a revocation; none for an offline root. */
  async refresh(): Promise<void> {
    const authorities = await this.db.certificate.findMany({
      where: { profile: { in: ['root', 'country-ca'] }, issuedAt: { not: null }, key: isPresent },
      select: { id: true },
    });
    for (const { id } of authorities) await this.db.write((tx) => this.renew(tx, id));
  }

  /** The latest CRL of a CA, in DER. */
  async read(name: string): Promise<Uint8Array> {
    const slot = name === 'root' ? 'root' : `country-ca:${name.toUpperCase()}`;
    const crl = await this.db.crl.findFirst({ where: { issuer: { slot } }, orderBy: { number: 'desc' } });
    if (crl === null) throw new AppError('not-found', `there is no CRL ${name}`);
    return crl.der;
  }

  private async renew(tx: Tx, issuerId: string): Promise<void> {
    await tx.$executeRaw`SELECT 1 FROM certificate WHERE id = ${issuerId}::uuid FOR UPDATE`;
    const last = await tx.crl.findFirst({ where: { issuerId }, orderBy: { number: 'desc' } });
    const revocations = await revocationsOf(tx, issuerId);
    const thisUpdate = new Date(Math.floor(this.now().getTime() / 1000) * 1000);
    const complete = last !== null && parseCrl(last.der).revoked.size === revocations.length;
    if (complete && !isStale(last.thisUpdate, thisUpdate)) return;
    const authority = await openAuthority(tx, this.keys, issuerId);
    const number = (last?.number ?? 0) + 1;
    const entry = { action: 'crl.issue', subject: String(number), keyId: authority.certificate.kid } as const;
    await this.audit.before(entry);
    const crl = await createCrl(authority, { number: BigInt(number), thisUpdate, revocations });
    const { nextUpdate } = crl;
    if (nextUpdate === undefined) throw new Error('a CRL without nextUpdate');
    await tx.crl.create({ data: { issuerId, number, thisUpdate, nextUpdate, der: Uint8Array.from(crl.der) } });
    await markBundleChanged(tx);
    await this.audit.after(tx, entry, 1);
  }
}
