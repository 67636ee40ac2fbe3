import {
  ApiPage,
  type AuthenticatedActor,
  bodyStream,
  CurrentActor,
  type Page,
  RequireRoles,
  UuidPipe,
} from '@aumos/agf-platform';
import { Controller, Delete, Get, HttpCode, Param, Post, Query, Req, Res, StreamableFile } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ArtifactsQueryDto, UploadQueryDto } from './artifact.dto.js';
import { ArtifactView } from './artifact.view.js';
import { ManageArtifacts } from './manage-artifacts.js';

const MEDIA_TYPE = /^[\w.+-]{1,100}\/[\w.+-]{1,100}$/;

/** Without parameters; what is no media type is bytes. */
const mediaType = (header: string | undefined): string => {
  const type = header?.split(';')[0]?.trim().toLowerCase() ?? '';
  return MEDIA_TYPE.test(type) ? type : 'application/octet-stream';
};

@ApiTags('artifacts')
@ApiBearerAuth()
@Controller('artifacts')
export class ArtifactsController {
  constructor(private readonly artifacts: ManageArtifacts) {}

  @Post()
  @RequireRoles('admin', 'developer')
  @ApiOperation({ summary: 'Upload: the body is the content' })
  @ApiConsumes('*/*')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiCreatedResponse({ type: ArtifactView })
  async upload(
    @CurrentActor() actor: AuthenticatedActor,
    @Query() query: UploadQueryDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ArtifactView> {
    const body = bodyStream(request, this.artifacts.maxBytes);
    const artifact = await this.artifacts.upload(actor, query.name, mediaType(request.headers['content-type']), body);
    void reply.header('location', `/api/v1/artifacts/${artifact.id}`);
    return artifact;
  }

  @Get()
  @ApiOperation({ summary: 'Artifacts, newest first' })
  @ApiPage(ArtifactView)
  list(@CurrentActor() actor: AuthenticatedActor, @Query() query: ArtifactsQueryDto): Promise<Page<ArtifactView>> {
    return this.artifacts.list(actor.tenant_id, query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'What is known of an artifact' })
  @ApiOkResponse({ type: ArtifactView })
  get(@CurrentActor() actor: AuthenticatedActor, @Param('id', UuidPipe) id: string): Promise<ArtifactView> {
    return this.artifacts.get(actor.tenant_id, id);
  }

  @Get(':id/content')
  @ApiOperation({ summary: 'Its content' })
  @ApiProduces('*/*')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async content(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('id', UuidPipe) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const { artifact, content } = await this.artifacts.content(actor.tenant_id, id);
    // Offered as a file and never rendered: it is somebody's upload.
    void reply.headers({ 'x-content-type-options': 'nosniff', 'cache-control': 'private, no-store' });
    return new StreamableFile(content, {
      type: artifact.content_type,
      length: artifact.size,
      disposition: `attachment; filename*=UTF-8''${encodeURIComponent(artifact.name)}`,
    });
  }

  @Delete(':id')
  @HttpCode(204)
  @RequireRoles('admin', 'developer')
  @ApiOperation({ summary: 'Delete it, content included' })
  @ApiNoContentResponse()
  async remove(@CurrentActor() actor: AuthenticatedActor, @Param('id', UuidPipe) id: string): Promise<void> {
    await this.artifacts.remove(actor.tenant_id, id);
  }
}
