import {
  type AuthenticatedActor,
  CurrentActor,
  eventStream,
  goneOf,
  LastEventId,
  StreamQueryDto,
} from '@aumos/agf-platform';
import { Controller, Get, Query, Res, type StreamableFile } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiTags,
  ApiTooManyRequestsResponse,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { FollowApprovals } from './follow-approvals.js';

@ApiTags('approvals')
@ApiBearerAuth()
@Controller('hitl/stream')
export class StreamController {
  constructor(private readonly follow: FollowApprovals) {}

  @Get()
  @ApiOperation({
    summary: "Follow the tenant's approvals",
    description: `Server-sent events opened, changed, decided: {approval_id, status, stage, me, at}. status and stage are of
that change; me is what the caller may do with it now. From now on, or complete from the one after Last-Event-ID. reset:
what came after Last-Event-ID, more than a week ago, is not kept; read the approvals anew, it goes on from here.`,
  })
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'Goes on after this event.' })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ schema: { type: 'string' } })
  @ApiTooManyRequestsResponse({ description: 'RATE_LIMIT_EXCEEDED: as many as may follow the tenant here.' })
  changes(
    @CurrentActor() actor: AuthenticatedActor,
    @LastEventId() after: number | null,
    @Query() { max_seconds }: StreamQueryDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): StreamableFile {
    return eventStream(this.follow.open(actor, { after, maxSeconds: max_seconds, gone: goneOf(reply) }), reply);
  }
}
