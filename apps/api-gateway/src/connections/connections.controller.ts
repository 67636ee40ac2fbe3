import { ChangeConnections } from '@aumos/agf-persistence';
import { type AuthenticatedActor, CurrentActor, RequireRoles } from '@aumos/agf-platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Res } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { ApiProblems } from '../openapi/api-problems.js';
import { NamePipe } from '../tools/name-pipe.js';
import { CreateConnectionDto, ReplaceConnectionDto } from './connection.dto.js';
import { ConnectionView } from './connection.view.js';
import { WriteConnections } from './write-connections.js';

@ApiTags('connections')
@ApiBearerAuth()
@Controller('connections')
export class ConnectionsController {
  constructor(
    private readonly connections: ChangeConnections,
    private readonly write: WriteConnections,
  ) {}

  @Get()
  @RequireRoles('admin', 'auditor')
  @ApiOperation({ summary: 'Where tools may read, write and send, without credentials' })
  @ApiOkResponse({ type: [ConnectionView] })
  list(@CurrentActor() actor: AuthenticatedActor): Promise<ConnectionView[]> {
    return this.connections.list(actor.tenant_id);
  }

  @Post()
  @RequireRoles('admin')
  @ApiOperation({ summary: 'Register a connection' })
  @ApiCreatedResponse({ type: ConnectionView })
  @ApiProblems({ 409: 'CONFLICT: the tenant has the name.' })
  async create(
    @CurrentActor() actor: AuthenticatedActor,
    @Body() body: CreateConnectionDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ConnectionView> {
    const connection = await this.write.create(actor, body);
    void reply.header('location', `/api/v1/connections/${connection.name}`);
    return connection;
  }

  @Get(':name')
  @RequireRoles('admin', 'auditor')
  @ApiOperation({ summary: 'One of them' })
  @ApiOkResponse({ type: ConnectionView })
  get(@CurrentActor() actor: AuthenticatedActor, @Param('name', NamePipe) name: string): Promise<ConnectionView> {
    return this.connections.get(actor.tenant_id, name);
  }

  @Put(':name')
  @RequireRoles('admin')
  @ApiOperation({ summary: 'Replace all of it, and enable it' })
  @ApiOkResponse({ type: ConnectionView })
  replace(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('name', NamePipe) name: string,
    @Body() body: ReplaceConnectionDto,
  ): Promise<ConnectionView> {
    return this.write.replace(actor, name, body);
  }

  @Delete(':name')
  @HttpCode(204)
  @RequireRoles('admin')
  @ApiOperation({ summary: 'Forget it' })
  @ApiNoContentResponse()
  remove(@CurrentActor() actor: AuthenticatedActor, @Param('name', NamePipe) name: string): Promise<void> {
    return this.write.remove(actor, name);
  }
}
