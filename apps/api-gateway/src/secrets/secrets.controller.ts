import {
  ApiPage,
  type AuthenticatedActor,
  CurrentActor,
  type Page,
  PageQuery,
  RequireRoles,
} from '@aumos/agf-platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query, Res } from '@nestjs/common';
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
import { ReadSecrets } from './read-secrets.js';
import { CreateSecretDto, ReplaceSecretDto } from './secret.dto.js';
import { SecretView } from './secret.view.js';
import { WriteSecrets } from './write-secrets.js';

@ApiTags('secrets')
@ApiBearerAuth()
@Controller('secrets')
export class SecretsController {
  constructor(
    private readonly read: ReadSecrets,
    private readonly write: WriteSecrets,
  ) {}

  @Get()
  @RequireRoles('admin', 'developer', 'auditor')
  @ApiOperation({ summary: 'Secrets that tools send, without what they are' })
  @ApiPage(SecretView)
  list(@CurrentActor() actor: AuthenticatedActor, @Query() query: PageQuery): Promise<Page<SecretView>> {
    return this.read.list(actor.tenant_id, query);
  }

  @Post()
  @RequireRoles('admin', 'developer')
  @ApiOperation({ summary: 'Keep a secret' })
  @ApiCreatedResponse({ type: SecretView })
  @ApiProblems({ 409: 'CONFLICT: the tenant has the name.' })
  async create(
    @CurrentActor() actor: AuthenticatedActor,
    @Body() body: CreateSecretDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SecretView> {
    const secret = await this.write.create(actor, body);
    void reply.header('location', `/api/v1/secrets/${secret.name}`);
    return secret;
  }

  @Get(':name')
  @RequireRoles('admin', 'developer', 'auditor')
  @ApiOperation({ summary: 'One of them' })
  @ApiOkResponse({ type: SecretView })
  get(@CurrentActor() actor: AuthenticatedActor, @Param('name', NamePipe) name: string): Promise<SecretView> {
    return this.read.get(actor.tenant_id, name);
  }

  @Put(':name')
  @RequireRoles('admin', 'developer')
  @ApiOperation({ summary: 'Replace its value, and where it may go' })
  @ApiOkResponse({ type: SecretView })
  replace(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('name', NamePipe) name: string,
    @Body() body: ReplaceSecretDto,
  ): Promise<SecretView> {
    return this.write.replace(actor, name, body);
  }

  @Delete(':name')
  @HttpCode(204)
  @RequireRoles('admin', 'developer')
  @ApiOperation({ summary: 'Forget it' })
  @ApiNoContentResponse()
  @ApiProblems({ 409: 'CONFLICT: a connection has it.' })
  remove(@CurrentActor() actor: AuthenticatedActor, @Param('name', NamePipe) name: string): Promise<void> {
    return this.write.remove(actor, name);
  }
}
