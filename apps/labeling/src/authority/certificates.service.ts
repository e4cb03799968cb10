import { Injectable } from '@nestjs/common';
import { AppError, type Certificate } from '#contracts';
import { Database } from '../database.js';
import { isIssued } from './certificate.queries.js';
import { certificateOf } from './issue.service.js';

/** What the authority issued, for everybody to see. */
@Injectable()
export class CertificatesService {
  constructor(private readonly db: Database) {}

  /** Every issued certificate, the oldest first. */
  async list(): Promise<Certificate[]> {
    const rows = await this.db.certificate.findMany({
      where: { issuedAt: { not: null } },
      orderBy: [{ issuedAt: 'asc' }, { slot: 'asc' }],
    });
    return rows.filter(isIssued).map(certificateOf);
  }

  /** One certificate by the SHA-256 of its DER. */
  async der(fingerprint: string): Promise<Buffer> {
    const row = await this.db.certificate.findUnique({ where: { fingerprint }, select: { der: true } });
    if (row === null || row.der === null) throw new AppError('not-found', `there is no certificate ${fingerprint}`);
    return Buffer.from(row.der);
  }
}
