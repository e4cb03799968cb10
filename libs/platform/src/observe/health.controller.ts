import { Controller, Get, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../auth/guard.js';
import { Health } from './health.js';
import { Metrics } from './metrics.js';

/** For the operator's tools; the public edge does not route these paths. */
@Controller()
@Public(true)
@ApiExcludeController()
export class HealthController {
  constructor(
    private readonly health: Health,
    private readonly metrics: Metrics,
  ) {}

  @Get('health/live')
  live(): { status: 'up' } {
    return { status: 'up' };
  }

  @Get('health/ready')
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const readiness = await this.health.readiness();
    await reply.status(readiness.status === 'up' ? 200 : 503).send(readiness);
  }

  @Get('metrics')
  async figures(@Res() reply: FastifyReply): Promise<void> {
    await this.health.readiness();
    await reply.type(this.metrics.registry.contentType).send(await this.metrics.registry.metrics());
  }
}
