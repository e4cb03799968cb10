import { Controller } from '@nestjs/common';
import {
  BatchOpened,
  BatchRecalled,
  BatchReleased,
  OrganisationApproved,
  OrganisationRegistered,
  PlaceRecorded,
  ProductCertified,
  ProductRegistered,
  StepCorrected,
  StepRecorded,
  type Envelope,
  type EventOf,
} from '#contracts';
import { On } from '#platform';
import { Database, type Tx } from '../database.js';
import { StoriesService } from '../stories/stories.service.js';
import { saveBatch, saveOrganisation, savePlace, saveProduct, saveStep } from './register.queries.js';

/** Keeps this service's copy of places, organisations, products, batches and steps. */
@Controller()
export class RegisterConsumer {
  constructor(
    private readonly db: Database,
    private readonly stories: StoriesService,
  ) {}

  @On(PlaceRecorded)
  async place(event: EventOf<typeof PlaceRecorded>): Promise<void> {
    await this.keep(event, (tx, asOf) => savePlace(tx, event.data.place, asOf));
  }

  @On(OrganisationRegistered)
  async organisationRegistered(event: EventOf<typeof OrganisationRegistered>): Promise<void> {
    await this.keep(event, (tx, asOf) => saveOrganisation(tx, event.data.organisation, asOf));
  }

  @On(OrganisationApproved)
  async organisationApproved(event: EventOf<typeof OrganisationApproved>): Promise<void> {
    await this.keep(event, (tx, asOf) => saveOrganisation(tx, event.data.organisation, asOf));
  }

  @On(ProductRegistered)
  async productRegistered(event: EventOf<typeof ProductRegistered>): Promise<void> {
    await this.keep(event, (tx, asOf) => saveProduct(tx, event.data.product, null, asOf));
  }

  @On(ProductCertified)
  async productCertified(event: EventOf<typeof ProductCertified>): Promise<void> {
    const { product, certification } = event.data;
    await this.keep(event, (tx, asOf) => saveProduct(tx, product, certification, asOf));
  }

  @On(BatchOpened)
  async batchOpened(event: EventOf<typeof BatchOpened>): Promise<void> {
    const { batch } = event.data;
    await this.keep(event, (tx, asOf) => saveBatch(tx, batch, null, asOf), batch.id);
  }

  @On(BatchReleased)
  async batchReleased(event: EventOf<typeof BatchReleased>): Promise<void> {
    const { batch } = event.data;
    await this.keep(event, (tx, asOf) => saveBatch(tx, batch, null, asOf), batch.id);
  }

  @On(BatchRecalled)
  async batchRecalled(event: EventOf<typeof BatchRecalled>): Promise<void> {
    const { batch, reason } = event.data;
    await this.keep(event, (tx, asOf) => saveBatch(tx, batch, reason, asOf), batch.id);
  }

  @On(StepRecorded)
  async stepRecorded(event: EventOf<typeof StepRecorded>): Promise<void> {
    const { batchId, step } = event.data;
    await this.keep(event, (tx, asOf) => saveStep(tx, batchId, step, asOf), batchId);
  }

  @On(StepCorrected)
  async stepCorrected(event: EventOf<typeof StepCorrected>): Promise<void> {
    const { batchId, step } = event.data;
    await this.keep(event, (tx, asOf) => saveStep(tx, batchId, step, asOf), batchId);
  }

  /** Stores, then forgets the stories that the event may have changed: one batch's, or all of them. */
  private async keep(
    event: Pick<Envelope, 'id' | 'time'>,
    save: (tx: Tx, asOf: Date) => Promise<void>,
    batchId?: string,
  ): Promise<void> {
    await this.db.once(event, (tx) => save(tx, new Date(event.time)));
    this.stories.forget(batchId);
  }
}
