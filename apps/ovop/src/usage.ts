/** A mistake of whoever typed the command: one sentence on stderr, exit code 2. */
export class UsageError extends Error {}

export const HELP = `ovop: checks signed labels (OVOP-QR-1) without a network, and holds the key ceremony behind them.

  ovop verify --bundle FILE [--roots FILE,…] [--at TIME] [--lang LANG] URI…
  ovop verify --roots FILE,… --certificates FILE,… --crls FILE,… --hosts HOST,… [--at TIME] [--lang LANG] URI…
  ovop bundle show FILE
  ovop bundle verify FILE [--roots FILE,…]
  ovop bundle fetch URL --out FILE [--roots FILE,…]
  ovop pki init --dir DIR --host HOST,… --gtin-prefix DIGITS [--countries KG,…] [--organisation NAME] [--demo]
                [--passphrase-file FILE] [--service-passphrase-file FILE]
  ovop pki crl --dir DIR [--revoke FILE --reason REASON] [--passphrase-file FILE]
  ovop pki inspect [--json] FILE…
  ovop audit verify [--previous FILE] [--from-head HASH] FILE…
  ovop help

  --bundle FILE        a trust bundle. With --roots it must end at one of them; without, its own roots are
                       trusted on first use, and their key hashes are printed.
  --roots FILE,…       root certificates, the only ones that are trusted to begin with
  --certificates FILE,…  country and label-signing certificates
  --crls FILE,…        certificate revocation lists, one of every CA
  --hosts HOST,…       the host names that labels may carry
  --at TIME            judge as of this time, e.g. 2026-09-20 or 2026-09-20T12:00:00Z; now when absent
  --lang LANG          language of the sentences: ky, ru, en, kk, tg; en when absent
  --file FILE          read URIs from a file, one a line; a URI of - reads them from standard input

Certificates and revocation lists may be PEM (several in a file) or DER. One JSON object a line is printed for each
URI, in their order: uri, verdict, reason where there is one, headline, sentence, facts.

ovop audit verify checks exports of the audit log (NDJSON, - for standard input), each following the one before it,
and prints a JSON line for each: file, verdict (INTACT or BROKEN), records, faults by record and field, head. A record
that was changed, left out, moved or added is found from the export alone; a log that was cut off at its end or written
anew only against a head that was seen earlier:

  --previous FILE      an earlier export, which this one has to continue or contain
  --from-head HASH     the hash of an earlier head, from a log line or a note

ovop bundle show prints what a trust bundle says, as JSON. verify opens it as verifying a label does, and says in a
sentence whether it may be used. fetch is the only command with a network (30 seconds, 8 MB at most): it replaces the
bundle in --out by the one at the address, whole or not at all; one with a lower seq or under other roots is refused.

ovop pki init is the key ceremony, for a machine without a network. It makes DIR with root/ (stays offline), service/ (for
the labeling service; no key of the root) and ceremony.txt, the record to print and sign. Private keys are encrypted with
a passphrase of 12 characters or more, asked for twice or from a file that only its owner can read; those of service/
with another one where --service-passphrase-file is given.

ovop pki crl makes the next CRL of the root in DIR (root/ and service/), with what is revoked already and, by --revoke,
another country CA or bundle signer; REASON as RFC 5280 names it, such as cACompromise.

ovop pki inspect says what certificates, CRLs and trust bundles (DER or PEM) contain, the hashes that they are known by,
and which rules of the label profile a certificate breaks. It does not say whether they can be trusted.

Exit code: 0 every label is VALID (every chain INTACT), 1 some is not (VALID_STALE_TRUST included), or
a bundle is refused or too old, 2 the command could not be run.
`;
