import type { BreakerTransitionEntity } from '@aumos/agf-persistence';
import {
  type AuthenticatedActor,
  CurrentActor,
  eventStream,
  goneOf,
  LastEventId,
  type ServerSentEvent,
  StreamQueryDto,
} from '@aumos/agf-platform';
import { Controller, Get, Query, Res, type StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiHeader, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { transitionView } from '../breakers/breaker.convert.js';
import { FollowHistory } from './follow-history.js';

@ApiTags('circuit breakers')
@ApiBearerAuth()
@Controller('circuit-breakers/stream')
export class StreamController {
  constructor(private readonly follow: FollowHistory) {}

  @Get()
  @ApiOperation({
    summary: "Follow the tenant's breakers",
    description:
      'Server-sent events `transition`, one a change, as it is in the history; the id is its position. From now on, or complete from the one after Last-Event-ID.',
  })
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'Goes on after this event; 0: from the first.' })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ schema: { type: 'string' } })
  changes(
    @CurrentActor() actor: AuthenticatedActor,
    @LastEventId() after: number | null,
    @Query() { max_seconds }: StreamQueryDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): StreamableFile {
    return eventStream(events(this.follow.run(actor, { after, maxSeconds: max_seconds, gone: goneOf(reply) })), reply);
  }
}

async function* events(batches: AsyncIterable<BreakerTransitionEntity[]>): AsyncGenerator<ServerSentEvent[]> {
  for await (const changes of batches)
    yield changes.map((change) => ({
      id: change.position,
      event: 'transition',
      data: { ...transitionView(change) },
    }));
}
