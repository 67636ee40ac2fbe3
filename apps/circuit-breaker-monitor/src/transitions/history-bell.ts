import { Bell } from '@aumos/agf-platform';
import { Injectable } from '@nestjs/common';

/**
 * Tells who follows a tenant's history in this process that it may have grown. Every monitor reads every tenant's
 * stream, so each rings its own; what it misses costs delay, followers look from time to time.
 */
@Injectable()
export class HistoryBell extends Bell {}
