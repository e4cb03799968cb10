import { Controller } from '@nestjs/common';
import {
  OrganisationApproved,
  OrganisationRegistered,
  PlaceRecorded,
  ProductCertified,
  ProductRegistered,
  type EventOf,
} from '#contracts';
import { On } from '#platform';
import { Database } from '../database.js';
import { keepCertification, keepOrganisation, keepPlace, keepProduct } from './register.queries.js';

/**
 * Keeps this service's copies of the register. Topics are not ordered against each other, so each copy
 * stands alone; what needs several of them asks for all when it needs them.
 */
@Controller()
export class RegisterConsumer {
  constructor(private readonly db: Database) {}

  @On(PlaceRecorded)
  async placeRecorded(event: EventOf<typeof PlaceRecorded>): Promise<void> {
    await this.db.once(event, (tx) => keepPlace(tx, event.data.place, event.time));
  }

  @On(OrganisationRegistered)
  async organisationRegistered(event: EventOf<typeof OrganisationRegistered>): Promise<void> {
    await this.db.once(event, (tx) => keepOrganisation(tx, event.data.organisation, event.time));
  }

  @On(OrganisationApproved)
  async organisationApproved(event: EventOf<typeof OrganisationApproved>): Promise<void> {
    await this.db.once(event, (tx) => keepOrganisation(tx, event.data.organisation, event.time));
  }

  @On(ProductRegistered)
  async productRegistered(event: EventOf<typeof ProductRegistered>): Promise<void> {
    await this.db.once(event, (tx) => keepProduct(tx, event.data.product, event.time));
  }

  @On(ProductCertified)
  async productCertified(event: EventOf<typeof ProductCertified>): Promise<void> {
    await this.db.once(event, async (tx) => {
      await keepProduct(tx, event.data.product, event.time);
      await keepCertification(tx, event.data.product.id, event.data.certification, event.time);
    });
  }
}
