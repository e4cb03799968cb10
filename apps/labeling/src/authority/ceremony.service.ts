import { Inject, Injectable } from '@nestjs/common';
import { countries, countryNumeric } from '#contracts';
import { CLOCK, CONFIG, type Clock } from '#platform';
import type { Config } from '../config.js';
import { Database } from '../database.js';
import { authoritySubject, dayOf, seat } from './certificate.rules.js';
import { CrlService } from './crl.service.js';
import { IssueService } from './issue.service.js';

/** Makes the demonstration authority: root, a CA for each country, a signer of bundles, and the CRLs. */
@Injectable()
export class CeremonyService {
  constructor(
    private readonly db: Database,
    private readonly issuer: IssueService,
    private readonly crls: CrlService,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(CLOCK) private readonly now: Clock,
  ) {}

  /** Does what is missing of the ceremony. Where an authority of the real kind is, nothing is done. */
  async perform(): Promise<void> {
    const now = this.now();
    await this.db.$executeRaw`
      INSERT INTO authority (id, demo, created_at) VALUES (1, true, ${now}) ON CONFLICT DO NOTHING`;
    const authority = await this.db.authority.findUniqueOrThrow({ where: { id: 1 } });
    if (!authority.demo || authority.completeAt !== null) return;
    const notBefore = dayOf(authority.createdAt);
    const root = await this.issuer.ensure({
      ...{ slot: 'root', profile: 'root', notBefore },
      subject: authoritySubject('OVOP Root CA', seat, true),
    });
    const issuer = { id: root.id, crlUrl: this.crls.url('root') };
    for (const country of countries) {
      await this.issuer.ensure({
        ...{ slot: `country-ca:${country}`, profile: 'country-ca', notBefore, issuer, country },
        subject: authoritySubject(`OVOP ${country} CA`, country, true),
        scope: {
          country: countryNumeric[country],
          gtinPrefixes: [this.config.GTIN_PROGRAMME_PREFIX],
          hosts: [this.config.labelOrigin.host],
        },
      });
    }
    await this.issuer.ensure({
      ...{ slot: 'bundle-signer:1', profile: 'bundle-signer', notBefore, issuer },
      subject: authoritySubject('OVOP Trust Bundle Signer', seat, true),
    });
    await this.crls.refresh();
    await this.db.authority.update({ where: { id: 1 }, data: { completeAt: this.now() } });
  }
}
