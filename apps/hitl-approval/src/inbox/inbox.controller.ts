import { ApiPage, type AuthenticatedActor, CurrentActor } from '@aumos/agf-platform';
import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CountInbox } from './count-inbox.js';
import { InboxQueryDto } from './inbox.dto.js';
import { InboxCountsView, InboxItemView } from './inbox.view.js';
import { type InboxAnswer, ReadInbox } from './read-inbox.js';

@ApiTags('approvals')
@ApiBearerAuth()
@Controller('hitl/inbox')
export class InboxController {
  constructor(
    private readonly read: ReadInbox,
    private readonly count: CountInbox,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'What the caller may decide now',
    description: 'By role, level, groups and what was left to them; `next_cursor` leads on past its last row.',
  })
  @ApiPage(InboxItemView)
  page(@CurrentActor() actor: AuthenticatedActor, @Query() query: InboxQueryDto): Promise<InboxAnswer> {
    return this.read.run(actor, query);
  }

  @Get('counts')
  @ApiOperation({ summary: 'How much waits for the caller, and for anybody' })
  @ApiOkResponse({ type: InboxCountsView })
  counts(@CurrentActor() actor: AuthenticatedActor): Promise<InboxCountsView> {
    return this.count.run(actor);
  }
}
