import type { PrivilegeLevel } from '@aumos/agf-domain';
import { EventPublisher, Nudges } from '@aumos/agf-events';
import {
  ApprovalCommentsRepository,
  ApprovalsRepository,
  ApproverGroupsRepository,
  AuditRepository,
  DecisionLinksRepository,
  DefinitionsRepository,
  FamiliesRepository,
  MembersRepository,
  NoticesRepository,
  OutboxRepository,
  StandingApprovalsRepository,
  type TenantDb,
  TenantsRepository,
} from '@aumos/agf-persistence';
import { Secret } from '@aumos/agf-platform';
import { ActOnApproval } from '../../src/approvals/act-on-approval.js';
import { ClaimApproval } from '../../src/approvals/claim-approval.js';
import { DecideApproval } from '../../src/approvals/decide-approval.js';
import { DelegateApproval } from '../../src/approvals/delegate-approval.js';
import { JudgeDecider } from '../../src/approvals/judge-decider.js';
import { OpenApproval } from '../../src/approvals/open-approval.js';
import { ReleaseApproval } from '../../src/approvals/release-approval.js';
import { ShowApproval } from '../../src/approvals/show-approval.js';
import { TellDecision } from '../../src/approvals/tell-decision.js';
import { CommentOnApproval } from '../../src/comments/comment-on-approval.js';
import { ListComments } from '../../src/comments/list-comments.js';
import type { ApprovalSettings } from '../../src/config.js';
import { DeliverDecision } from '../../src/delivery/deliver-decision.js';
import { LinkTokens } from '../../src/links/link-tokens.js';
import { UseLink } from '../../src/links/use-link.js';
import { ManageGroups } from '../../src/groups/manage-groups.js';
import { ApplyStanding } from '../../src/standing/apply-standing.js';
import { CreateStanding } from '../../src/standing/create-standing.js';
import { ListStanding } from '../../src/standing/list-standing.js';
import { RevokeStanding } from '../../src/standing/revoke-standing.js';
import { TemporalClient } from '../../src/temporal/temporal-client.js';

/** The app's use cases on a database, under the platform's cap. */
export function useCases(db: TenantDb, cap: PrivilegeLevel = 5) {
  const approvals = new ApprovalsRepository(db);
  const members = new MembersRepository(db);
  const tenants = new TenantsRepository(db);
  const audit = new AuditRepository(db);
  const notices = new NoticesRepository(db);
  const standing = new StandingApprovalsRepository(db);
  const comments = new ApprovalCommentsRepository(db);
  const groups = new ApproverGroupsRepository(db);
  const settings = { agentMaxPrivilegeLevel: cap } as unknown as ApprovalSettings;
  const events = new EventPublisher(db, new OutboxRepository(db), new Nudges());
  const judge = new JudgeDecider(members, groups, settings);
  const show = new ShowApproval(approvals, new FamiliesRepository(db));
  const tell = new TellDecision(audit, events, notices);
  // Nothing waits for these approvals: the delivery finds no workflow, and says so in its log.
  const deliver = new DeliverDecision(db, approvals, Object.create(TemporalClient.prototype) as TemporalClient);
  const secretsKey = new Secret(Buffer.alloc(32, 7).toString('base64'));
  const links = new UseLink(new DecisionLinksRepository(db), new LinkTokens({ secretsKey }));
  const act = new ActOnApproval(db, approvals, judge, audit);
  const apply = new ApplyStanding(standing, approvals, members, tenants, judge, tell);
  return {
    decide: new DecideApproval(db, approvals, judge, show, tell, deliver, links),
    delegate: new DelegateApproval(approvals, members, tenants, notices, act, show),
    claim: new ClaimApproval(approvals, act, show),
    release: new ReleaseApproval(db, approvals, act, show),
    comment: new CommentOnApproval(db, comments, audit),
    listComments: new ListComments(db, approvals, comments),
    groups: new ManageGroups(db, groups, audit),
    open: new OpenApproval(db, approvals, new DefinitionsRepository(db), notices, apply, events, deliver),
    createStanding: new CreateStanding(db, standing, judge, audit),
    listStanding: new ListStanding(db, standing),
    revokeStanding: new RevokeStanding(db, standing, audit),
  };
}
