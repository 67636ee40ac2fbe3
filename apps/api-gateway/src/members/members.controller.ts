import { ApiPage, type AuthenticatedActor, CurrentActor, type Page, RequireRoles } from '@aumos/agf-platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { ManageMembers } from './manage-members.js';
import { CompleteDto, GrantDto, MembersQueryDto, NewMemberDto, SubPipe } from './member.dto.js';
import { CompleteView, MemberView } from './member.view.js';

@ApiTags('members')
@ApiBearerAuth()
@Controller('members')
export class MembersController {
  constructor(private readonly members: ManageMembers) {}

  @Get()
  @RequireRoles('admin', 'auditor')
  @ApiOperation({ summary: 'Who belongs to the tenant' })
  @ApiPage(MemberView)
  list(@CurrentActor() actor: AuthenticatedActor, @Query() query: MembersQueryDto): Promise<Page<MemberView>> {
    return this.members.list(actor.tenant_id, query);
  }

  @Post()
  @RequireRoles('admin')
  @ApiOperation({ summary: 'Add a member' })
  @ApiCreatedResponse({ type: MemberView })
  add(@CurrentActor() actor: AuthenticatedActor, @Body() body: NewMemberDto): Promise<MemberView> {
    return this.members.add(actor, body);
  }

  @Put()
  @RequireRoles('admin')
  @ApiOperation({ summary: 'Declare the list complete, or not' })
  @ApiOkResponse({ type: CompleteView })
  declare(@CurrentActor() actor: AuthenticatedActor, @Body() body: CompleteDto): Promise<CompleteView> {
    return this.members.declare(actor, body);
  }

  @Put(':sub')
  @RequireRoles('admin')
  @ApiOperation({ summary: 'Replace what a member may do' })
  @ApiOkResponse({ type: MemberView })
  change(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('sub', SubPipe) sub: string,
    @Body() body: GrantDto,
  ): Promise<MemberView> {
    return this.members.change(actor, sub, body);
  }

  @Delete(':sub')
  @HttpCode(204)
  @RequireRoles('admin')
  @ApiOperation({ summary: 'Remove a member' })
  @ApiNoContentResponse()
  remove(@CurrentActor() actor: AuthenticatedActor, @Param('sub', SubPipe) sub: string): Promise<void> {
    return this.members.remove(actor, sub);
  }
}
