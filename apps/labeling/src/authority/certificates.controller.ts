import { Controller, Get, Param, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { certificate, type Certificate } from '#contracts';
import { Public } from '#platform';
import { CertificatesService } from './certificates.service.js';
import { CrlService } from './crl.service.js';

const crlFile = z.string().regex(/^[a-z]{2,4}\.crl$/, 'must be root.crl or a country such as kg.crl');
const certificateFile = z.string().regex(/^[0-9a-f]{64}\.(der|pem)$/, 'must be a fingerprint with .der or .pem');
const binary = { schema: { type: 'string' as const, format: 'binary' } };

@ApiTags('trust')
@Controller('api/labeling')
@Public(true)
export class CertificatesController {
  constructor(
    private readonly certificates: CertificatesService,
    private readonly crls: CrlService,
  ) {}

  @Get('certificates')
  @ApiOperation({ summary: 'List every certificate that the authority issued' })
  @ApiOkResponse({ standardSchema: z.array(certificate) })
  list(): Promise<Certificate[]> {
    return this.certificates.list();
  }

  @Get('certificates/:file')
  @ApiOperation({ summary: 'Download a certificate as DER or PEM' })
  @ApiOkResponse({ content: { 'application/pkix-cert': binary, 'application/x-pem-file': binary } })
  async certificate(
    @Param('file', { schema: certificateFile }) file: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    const [fingerprint = '', format] = file.split('.');
    const der = await this.certificates.der(fingerprint);
    void reply.type(format === 'pem' ? 'application/x-pem-file' : 'application/pkix-cert');
    return format === 'pem' ? Buffer.from(toPem(der)) : der;
  }

  @Get('crl/:file')
  @ApiOperation({ summary: 'Download the revocation list of the root or of a country CA (DER)' })
  @ApiOkResponse({ content: { 'application/pkix-crl': binary } })
  async crl(
    @Param('file', { schema: crlFile }) file: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Buffer> {
    const der = await this.crls.read(file.slice(0, -'.crl'.length));
    void reply.type('application/pkix-crl').header('cache-control', 'public, max-age=3600');
    return Buffer.from(der);
  }
}

function toPem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
