import type { Wordings } from '../verdict-codes.js';

export const en: Wordings = {
  BAD_FORMAT: {
    headline: 'This is not a label of this system',
    sentence:
      'The code could not be read as a label; scan it again or type the code printed under it, and if it still fails do not rely on it.',
  },
  NOT_SIGNED: {
    headline: 'This label carries no signature',
    sentence:
      'It can only be checked online: open its address or type its code on the check page before you rely on it.',
  },
  UNSUPPORTED_VERSION: {
    headline: 'This label is of a newer kind',
    sentence: 'This verifier does not know the version of the label; update the verifier and check again.',
  },
  HOST_NOT_TRUSTED: {
    headline: 'The address on this label is not ours',
    sentence:
      'The web address does not belong to this system and may imitate it; do not open it and report where you found the label.',
  },
  UNKNOWN_KEY: {
    headline: 'The signer of this label is unknown',
    sentence:
      'No listed certificate matches the label: it may be forged, or your trust data may be too old; update the trust data and check again.',
  },
  BAD_SIGNATURE: {
    headline: 'This label has been forged or altered',
    sentence: 'The signature does not match the data on the label; do not rely on it and report where you found it.',
  },
  ISSUED_IN_FUTURE: {
    headline: 'This label is dated in the future',
    sentence: 'Check the date and time of this device; if they are right, do not rely on the label and report it.',
  },
  NOT_VALID_AT_ISSUE: {
    headline: 'The signer was not allowed to sign on that day',
    sentence:
      'The issue day on the label lies outside the period in which its key could sign; do not rely on it and report it.',
  },
  CHAIN_INVALID: {
    headline: 'The signer of this label cannot be confirmed',
    sentence:
      'The certificates or revocation lists behind the label do not hold; update the trust data and check again, and do not rely on the label until then.',
  },
  KEY_REVOKED: {
    headline: 'The key behind this label has been withdrawn',
    sentence: 'The right to sign was taken back; do not rely on the label and ask the seller or the certifying office.',
  },
  OUT_OF_SCOPE: {
    headline: 'The signer may not sign for this product',
    sentence:
      'The signature is real, but the product, country or address lies outside what the signer may sign; do not rely on the label and report it.',
  },
  LABEL_VOID: {
    headline: 'This label has been cancelled',
    sentence:
      'The issuer declared this very label void, for instance as lost or spoiled; goods that carry it should not be accepted.',
  },
  RECALLED: {
    headline: 'This batch has been recalled',
    sentence:
      'The label is genuine, but the producer or an authority recalled the batch; do not use or sell the goods.',
  },
  TRUST_EXPIRED: {
    headline: 'The trust data of this verifier are too old',
    sentence:
      'Nothing wrong was found, but with trust data older than 90 days nothing can be called valid; update the trust data and check again.',
  },
  VALID_STALE_TRUST: {
    headline: 'The data on this label were genuine when the trust data were last updated',
    sentence:
      'The trust data are past their update day, so a later withdrawal would not be seen; update them, and look at the seal and the scan history, because a photocopy of this label would pass as well.',
  },
  VALID: {
    headline: 'The data on this label are genuine',
    sentence:
      'The signature proves who issued the data, not that the goods belong to them: a photocopy of this label would pass as well, so look at the seal and the scan history.',
  },
  ISSUED: {
    headline: 'This label was issued',
    sentence:
      'The issuer knows this serial, but the label carries no signature and could be copied; look at the seal and the scan history.',
  },
  UNKNOWN_SERIAL: {
    headline: 'The issuer does not know this label',
    sentence: 'No label with this serial was issued; do not rely on it and report where you found it.',
  },
};
