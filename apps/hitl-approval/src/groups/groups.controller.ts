import {
  ApiPage,
  type AuthenticatedActor,
  CurrentActor,
  type Page,
  PageQuery,
  RequireRoles,
} from '@aumos/agf-platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { GroupDto, GroupNamePipe, GroupView } from './group.dto.js';
import { ManageGroups } from './manage-groups.js';

@ApiTags('approvals')
@ApiBearerAuth()
@Controller('hitl/groups')
export class GroupsController {
  constructor(private readonly groups: ManageGroups) {}

  @Get()
  @ApiOperation({ summary: 'Groups of approvers' })
  @ApiPage(GroupView)
  list(@CurrentActor() actor: AuthenticatedActor, @Query() query: PageQuery): Promise<Page<GroupView>> {
    return this.groups.list(actor.tenant_id, query);
  }

  @Put(':name')
  @RequireRoles('admin')
  @ApiOperation({ summary: 'Make or replace a group', description: 'Decisions from now on are judged by it.' })
  @ApiOkResponse({ type: GroupView })
  put(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('name', GroupNamePipe) name: string,
    @Body() body: GroupDto,
  ): Promise<GroupView> {
    return this.groups.put(actor, name, body);
  }

  @Delete(':name')
  @RequireRoles('admin')
  @HttpCode(204)
  @ApiOperation({ summary: 'Remove a group', description: 'Nobody decides by it any more.' })
  @ApiNoContentResponse()
  remove(@CurrentActor() actor: AuthenticatedActor, @Param('name', GroupNamePipe) name: string): Promise<void> {
    return this.groups.remove(actor, name);
  }
}
