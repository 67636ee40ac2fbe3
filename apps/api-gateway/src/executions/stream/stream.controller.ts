import { EXECUTION_EVENT_TYPES } from '@aumos/agf-domain';
import {
  type AuthenticatedActor,
  CurrentActor,
  eventStream,
  goneOf,
  LastEventId,
  RequireRoles,
  UuidPipe,
} from '@aumos/agf-platform';
import { Body, Controller, Get, HttpCode, Param, Post, Req, Res, type StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ExecuteDto } from '../execution.dto.js';
import { IdempotencyKey } from '../idempotency-key.js';
import { StartExecution } from '../start-execution.js';
import { startRequest } from '../start-request.js';
import { FollowExecution } from './follow-execution.js';
import { streamedEvents } from './log-events.js';

const EVENTS = `${EXECUTION_EVENT_TYPES.join(', ')}. token is text of an agent's model while it speaks: {node, visit, turn,
attempt, text}. Put together in their order, the texts of a turn are what it said; one with reset: true begins that text
anew, for the model is asked again`;

/** What happens in an execution, as it happens (server-sent events). */
@ApiTags('executions')
@ApiBearerAuth()
@Controller()
export class StreamController {
  constructor(
    private readonly start: StartExecution,
    private readonly follow: FollowExecution,
  ) {}

  @Get('executions/:id/events')
  @ApiOperation({
    summary: 'Follow it',
    description: `Events: ${EVENTS}. Complete from the first one, or from the one after Last-Event-ID; ends with workflow_complete or error.`,
  })
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'Goes on after this event.' })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ schema: { type: 'string' } })
  async events(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('id', UuidPipe) id: string,
    @LastEventId() after: number | null,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    return this.stream(actor, id, after ?? 0, reply);
  }

  @Post('workflows/:id/execute/stream')
  @HttpCode(200)
  @RequireRoles('admin', 'developer')
  @ApiOperation({
    summary: 'Start an execution and follow it',
    description: `Events: ${EVENTS}. After a lost connection GET the address in the header Location, with Last-Event-ID.`,
  })
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'The same key and body start one execution.' })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ schema: { type: 'string' } })
  async execute(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('id', UuidPipe) id: string,
    @Body() body: ExecuteDto,
    @IdempotencyKey() key: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const row = await this.start.run(startRequest(actor, id, body, key, request));
    void reply.header('location', `/api/v1/executions/${row.id}/events`);
    return this.stream(actor, row.id, 0, reply);
  }

  private async stream(
    actor: AuthenticatedActor,
    id: string,
    after: number,
    reply: FastifyReply,
  ): Promise<StreamableFile> {
    const batches = await this.follow.open(actor, id, after, goneOf(reply));
    return eventStream(streamedEvents(batches), reply);
  }
}
