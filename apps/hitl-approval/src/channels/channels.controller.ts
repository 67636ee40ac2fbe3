import {
  ApiPage,
  type AuthenticatedActor,
  CurrentActor,
  type Page,
  PageQuery,
  RequireRoles,
  UuidPipe,
} from '@aumos/agf-platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query, Res } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { DeliveryView } from '../deliveries/delivery.view.js';
import { CreateChannelDto, ReplaceChannelDto } from './channel.dto.js';
import { ChannelView, CreatedChannelView, RotatedSecretView } from './channel.view.js';
import { ReadChannels } from './read-channels.js';
import { TryChannel } from './try-channel.js';
import { WriteChannels } from './write-channels.js';

@ApiTags('approval-channels')
@ApiBearerAuth()
@Controller('hitl/channels')
export class ChannelsController {
  constructor(
    private readonly read: ReadChannels,
    private readonly write: WriteChannels,
    private readonly attempt: TryChannel,
  ) {}

  @Get()
  @RequireRoles('admin', 'auditor')
  @ApiOperation({ summary: 'How people are told of approvals' })
  @ApiPage(ChannelView)
  list(@CurrentActor() actor: AuthenticatedActor, @Query() query: PageQuery): Promise<Page<ChannelView>> {
    return this.read.list(actor.tenant_id, query);
  }

  @Post()
  @RequireRoles('admin')
  @ApiOperation({
    summary: 'Add a channel',
    description: 'A webhook is signed as Standard Webhooks say, by a secret that is shown in this answer only.',
  })
  @ApiCreatedResponse({ type: CreatedChannelView })
  async create(
    @CurrentActor() actor: AuthenticatedActor,
    @Body() body: CreateChannelDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CreatedChannelView> {
    const channel = await this.write.create(actor, body);
    void reply.header('location', `/api/v1/hitl/channels/${channel.id}`);
    return channel;
  }

  @Get(':id')
  @RequireRoles('admin', 'auditor')
  @ApiOperation({ summary: 'One of them' })
  @ApiOkResponse({ type: ChannelView })
  get(@CurrentActor() actor: AuthenticatedActor, @Param('id', UuidPipe) id: string): Promise<ChannelView> {
    return this.read.get(actor.tenant_id, id);
  }

  @Put(':id')
  @RequireRoles('admin')
  @ApiOperation({ summary: 'Replace all of it but its kind and its secret', description: 'Enables it again, too.' })
  @ApiOkResponse({ type: ChannelView })
  replace(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('id', UuidPipe) id: string,
    @Body() body: ReplaceChannelDto,
  ): Promise<ChannelView> {
    return this.write.replace(actor, id, body);
  }

  @Delete(':id')
  @HttpCode(204)
  @RequireRoles('admin')
  @ApiOperation({ summary: 'Remove it, with what was sent by it' })
  @ApiNoContentResponse()
  remove(@CurrentActor() actor: AuthenticatedActor, @Param('id', UuidPipe) id: string): Promise<void> {
    return this.write.remove(actor, id);
  }

  @Post(':id/test')
  @HttpCode(202)
  @RequireRoles('admin')
  @ApiOperation({ summary: 'Send something by it', description: 'What becomes of it is told by the delivery.' })
  @ApiAcceptedResponse({ type: DeliveryView })
  test(@CurrentActor() actor: AuthenticatedActor, @Param('id', UuidPipe) id: string): Promise<DeliveryView> {
    return this.attempt.run(actor, id);
  }

  @Post(':id/rotate-secret')
  @HttpCode(200)
  @RequireRoles('admin')
  @ApiOperation({ summary: 'Sign by a new secret', description: 'For a day the one before signs as well.' })
  @ApiOkResponse({ type: RotatedSecretView })
  rotate(@CurrentActor() actor: AuthenticatedActor, @Param('id', UuidPipe) id: string): Promise<RotatedSecretView> {
    return this.write.rotate(actor, id);
  }
}
