import { Injectable } from '@nestjs/common';

const MIB = 1024 * 1024;

/** What one comparison may take of a process that is there for all tenants. */
@Injectable()
export class ComparisonLimits {
  /** of the request as a whole, until its last execution begins */
  requestMs = 30_000;
  /** of one execution: visits, approvals and signals */
  rows = 2_000;
  /** of one execution: all its values, written out */
  bytes = 8 * MIB;
  /** of the answer */
  answerBytes = 8 * MIB;
  /** tenants that compare at once */
  tenants = 16;
}
