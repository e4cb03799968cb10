import type { EventType } from './event.js';
import { PlaceRecorded } from './registration/place.js';
import { OrganisationApproved, OrganisationRegistered } from './registration/organisation.js';
import { ProductCertified, ProductRegistered } from './registration/product.js';
import { ApiKeyIssued, ApiKeyRevoked } from './registration/api-key.js';
import { BatchOpened, BatchRecalled, BatchReleased, StepCorrected, StepRecorded } from './batch-tracking/batch.js';
import { CertificateIssued, CertificateRevoked, TrustBundlePublished } from './labeling/certificate.js';
import { LabelsIssued, LabelsVoided } from './labeling/label.js';
import { ScansRecorded } from './resolver/scan.js';

export * from './errors.js';
export * from './event.js';
export * from './topics.js';
export * from './values.js';
export * from './registration/place.js';
export * from './registration/organisation.js';
export * from './registration/product.js';
export * from './registration/api-key.js';
export * from './batch-tracking/batch.js';
export * from './labeling/audit.js';
export * from './labeling/certificate.js';
export * from './labeling/label.js';
export * from './resolver/scan.js';

/** Every event type of the system. */
export const eventTypes: readonly EventType[] = [
  PlaceRecorded,
  OrganisationRegistered,
  OrganisationApproved,
  ProductRegistered,
  ProductCertified,
  ApiKeyIssued,
  ApiKeyRevoked,
  BatchOpened,
  StepRecorded,
  StepCorrected,
  BatchReleased,
  BatchRecalled,
  CertificateIssued,
  CertificateRevoked,
  TrustBundlePublished,
  LabelsIssued,
  LabelsVoided,
  ScansRecorded,
];
