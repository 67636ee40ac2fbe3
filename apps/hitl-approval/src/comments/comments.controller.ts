import {
  ApiPage,
  type AuthenticatedActor,
  CurrentActor,
  type Page,
  PageQuery,
  RequireRoles,
  UuidPipe,
} from '@aumos/agf-platform';
import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CommentDto, CommentView } from './comment.dto.js';
import { CommentOnApproval } from './comment-on-approval.js';
import { ListComments } from './list-comments.js';

@ApiTags('approvals')
@ApiBearerAuth()
@Controller('hitl/:id/comments')
export class CommentsController {
  constructor(
    private readonly comment: CommentOnApproval,
    private readonly list: ListComments,
  ) {}

  @Get()
  @ApiOperation({ summary: 'What people say of it' })
  @ApiPage(CommentView)
  all(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('id', UuidPipe) id: string,
    @Query() query: PageQuery,
  ): Promise<Page<CommentView>> {
    return this.list.run(actor.tenant_id, id, query);
  }

  @Post()
  @RequireRoles('admin', 'approver', 'developer')
  @ApiOperation({ summary: 'Say something of it', description: 'It decides nothing.' })
  @ApiCreatedResponse({ type: CommentView })
  add(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('id', UuidPipe) id: string,
    @Body() { text }: CommentDto,
  ): Promise<CommentView> {
    return this.comment.run(actor, id, text);
  }
}
