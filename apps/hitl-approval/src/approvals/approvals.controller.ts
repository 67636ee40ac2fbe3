import { ApiPage, type AuthenticatedActor, CurrentActor, type Page, RequireRoles, UuidPipe } from '@aumos/agf-platform';
import type { DecisionSource } from '@aumos/agf-persistence';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags, ApiUnprocessableEntityResponse } from '@nestjs/swagger';
import {
  ApprovalsQueryDto,
  ClaimDto,
  DecisionDto,
  DelegateDto,
  EditDto,
  PendingQueryDto,
  RespondDto,
} from './approval.dto.js';
import { ApprovalView } from './approval.view.js';
import { ClaimApproval } from './claim-approval.js';
import { DecideApproval } from './decide-approval.js';
import { RequestSource } from './decision-source.js';
import { DelegateApproval } from './delegate-approval.js';
import { GetApproval } from './get-approval.js';
import { ListApprovals } from './list-approvals.js';
import { ReleaseApproval } from './release-approval.js';

const NOT_SO = 'INVALID_STATE: it is not pending. DECISION_NOT_ALLOWED: `details.allowed_decisions` says what is.';

@ApiTags('approvals')
@ApiBearerAuth()
@Controller('hitl')
export class ApprovalsController {
  constructor(
    private readonly get: GetApproval,
    private readonly list: ListApprovals,
    private readonly decide: DecideApproval,
    private readonly delegating: DelegateApproval,
    private readonly claiming: ClaimApproval,
    private readonly releasing: ReleaseApproval,
  ) {}

  @Get('pending')
  @ApiOperation({ summary: 'What waits for a person' })
  @ApiPage(ApprovalView)
  pending(@CurrentActor() actor: AuthenticatedActor, @Query() query: PendingQueryDto): Promise<Page<ApprovalView>> {
    return this.list.run(actor.tenant_id, { ...query, status: 'pending' });
  }

  @Get()
  @ApiOperation({ summary: 'Approvals, decided or not' })
  @ApiPage(ApprovalView)
  all(@CurrentActor() actor: AuthenticatedActor, @Query() query: ApprovalsQueryDto): Promise<Page<ApprovalView>> {
    return this.list.run(actor.tenant_id, query);
  }

  @Get(':id')
  @ApiOperation({ summary: 'One approval' })
  @ApiOkResponse({ type: ApprovalView })
  one(@CurrentActor() actor: AuthenticatedActor, @Param('id', UuidPipe) id: string): Promise<ApprovalView> {
    return this.get.run(actor.tenant_id, id);
  }

  @Post(':id/approve')
  @HttpCode(200)
  @ApiOperation({ summary: 'Approve exactly what is shown' })
  @ApiOkResponse({ type: ApprovalView })
  approve(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('id', UuidPipe) id: string,
    @Body() body: DecisionDto,
    @RequestSource() source: DecisionSource,
  ): Promise<ApprovalView> {
    return this.decide.run({ actor, approval_id: id, decision: 'approve', ...body, source });
  }

  @Post(':id/reject')
  @HttpCode(200)
  @ApiOperation({ summary: 'Reject it' })
  @ApiOkResponse({ type: ApprovalView })
  reject(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('id', UuidPipe) id: string,
    @Body() body: DecisionDto,
    @RequestSource() source: DecisionSource,
  ): Promise<ApprovalView> {
    return this.decide.run({ actor, approval_id: id, decision: 'reject', ...body, source });
  }

  @Post(':id/edit')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Ask for other arguments instead',
    description: 'Ends this approval. The edited call runs once somebody else has approved exactly that.',
  })
  @ApiOkResponse({ type: ApprovalView })
  @ApiUnprocessableEntityResponse({ description: NOT_SO })
  edit(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('id', UuidPipe) id: string,
    @Body() { arguments: given, ...body }: EditDto,
    @RequestSource() source: DecisionSource,
  ): Promise<ApprovalView> {
    return this.decide.run({ actor, approval_id: id, decision: 'edit', given, ...body, source });
  }

  @Post(':id/respond')
  @HttpCode(200)
  @ApiOperation({ summary: 'Answer in place of the call', description: 'The call is never made: this is its result.' })
  @ApiOkResponse({ type: ApprovalView })
  @ApiUnprocessableEntityResponse({ description: NOT_SO })
  respond(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('id', UuidPipe) id: string,
    @Body() { result: given, ...body }: RespondDto,
    @RequestSource() source: DecisionSource,
  ): Promise<ApprovalView> {
    return this.decide.run({ actor, approval_id: id, decision: 'respond', given, ...body, source });
  }

  @Post(':id/delegate')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Have somebody else decide in your place',
    description: 'In the stage that is asked now. They need role and level of their own, and leave it to nobody else.',
  })
  @ApiOkResponse({ type: ApprovalView })
  delegate(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('id', UuidPipe) id: string,
    @Body() body: DelegateDto,
  ): Promise<ApprovalView> {
    return this.delegating.run(actor, id, body);
  }

  @Post(':id/claim')
  @HttpCode(200)
  @ApiOperation({ summary: 'Work on it', description: 'Until it is released, or over, nobody else decides: 409.' })
  @ApiOkResponse({ type: ApprovalView })
  claim(
    @CurrentActor() actor: AuthenticatedActor,
    @Param('id', UuidPipe) id: string,
    @Body() { minutes }: ClaimDto,
  ): Promise<ApprovalView> {
    return this.claiming.run(actor, id, minutes);
  }

  @Post(':id/release')
  @RequireRoles('admin', 'approver')
  @HttpCode(200)
  @ApiOperation({ summary: 'Work on it no more', description: "An admin releases anybody's claim." })
  @ApiOkResponse({ type: ApprovalView })
  release(@CurrentActor() actor: AuthenticatedActor, @Param('id', UuidPipe) id: string): Promise<ApprovalView> {
    return this.releasing.run(actor, id);
  }
}
