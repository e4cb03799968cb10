import type { NewAuthority, Member } from './ceremony.js';

/** The record of a key ceremony, to be printed, read aloud against what is published, and signed. */
export function writeRecord({ root, service }: NewAuthority, now: Date, command: string): string {
  const line = '_'.repeat(60);
  const witnesses = [1, 2, 3].map((number) => `${number}. Name      ${line}\n   Signature ${line}\n`);
  return `RECORD OF A KEY CEREMONY

Date and time (UTC)   ${now.toISOString()}
Command               ${command}
Place                 ${line}
Machine, without a network connection
                      ${line}

Root
${describe(root)}
Given to the labeling service
${service.map(describe).join('\n')}
The folder root/ holds the root's private key, encrypted. It stays offline, in a safe,
with a copy in another place. The passphrase is kept apart from both. The folder
service/ goes to the labeling service; it holds no key of the root.

Compared, group by group, with what the machine shows:

${witnesses.join('\n')}`;
}

function describe({ certificate, crl }: Member): string {
  const { subjectText, serialNumber, notBefore, notAfter, fingerprint, keyHash } = certificate;
  const list =
    crl === undefined ? '' : `    CRL ${crl.number}, next update by ${crl.nextUpdate?.toISOString() ?? 'none'}\n`;
  return `
  ${subjectText}
    serial number ${serialNumber}
    valid ${notBefore.toISOString()} to ${notAfter.toISOString()}
    SHA-256 of the certificate
${aloud(fingerprint)}
    SHA-256 of the public key
${aloud(keyHash)}
${list}`;
}

/** Hexadecimal in groups of four, eight groups a line. */
function aloud(hash: string): string {
  const groups = hash.match(/.{4}/g) ?? [];
  return `        ${groups.slice(0, 8).join(' ')}\n        ${groups.slice(8).join(' ')}`;
}
