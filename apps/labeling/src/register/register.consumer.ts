import { Controller } from '@nestjs/common';
import {
  BatchRecalled,
  BatchReleased,
  OrganisationApproved,
  OrganisationRegistered,
  PlaceRecorded,
  ProductCertified,
  type EventOf,
} from '#contracts';
import { On } from '#platform';
import { AuthorityService } from '../authority/authority.service.js';
import { markBundleChanged } from '../bundle/bundle.queries.js';
import { BundleService } from '../bundle/bundle.service.js';
import { Database } from '../database.js';
import { keepBatch, keepOrganisation, keepPlace, keepProduct } from './register.queries.js';

/**
 * Keeps this service's copies of the register and of the batches. Topics are not ordered against each other,
 * so each copy stands alone; after each the authority looks whether somebody now has all that a certificate needs.
 */
@Controller()
export class RegisterConsumer {
  constructor(
    private readonly db: Database,
    private readonly authority: AuthorityService,
    private readonly bundle: BundleService,
  ) {}

  @On(PlaceRecorded)
  async placeRecorded(event: EventOf<typeof PlaceRecorded>): Promise<void> {
    await this.db.once(event, (tx) => keepPlace(tx, event.data.place, event.time));
    this.authority.poke();
  }

  @On(OrganisationRegistered)
  async organisationRegistered(event: EventOf<typeof OrganisationRegistered>): Promise<void> {
    await this.db.once(event, (tx) => keepOrganisation(tx, event.data.organisation, event.time));
  }

  @On(OrganisationApproved)
  async organisationApproved(event: EventOf<typeof OrganisationApproved>): Promise<void> {
    await this.db.once(event, async (tx) => {
      await keepOrganisation(tx, event.data.organisation, event.time);
      await markBundleChanged(tx);
    });
    this.authority.poke();
    this.bundle.poke();
  }

  @On(ProductCertified)
  async productCertified(event: EventOf<typeof ProductCertified>): Promise<void> {
    await this.db.once(event, async (tx) => {
      await keepProduct(tx, event.data.product, event.data.certification, event.time);
      await markBundleChanged(tx);
    });
    this.authority.poke();
    this.bundle.poke();
  }

  @On(BatchReleased)
  async batchReleased(event: EventOf<typeof BatchReleased>): Promise<void> {
    await this.db.once(event, (tx) => keepBatch(tx, event.data.batch, event.time));
  }

  @On(BatchRecalled)
  async batchRecalled(event: EventOf<typeof BatchRecalled>): Promise<void> {
    await this.db.once(event, async (tx) => {
      await keepBatch(tx, event.data.batch, event.time);
      await markBundleChanged(tx);
    });
    this.bundle.poke();
  }
}
