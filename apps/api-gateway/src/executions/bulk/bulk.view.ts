import type { ApiErrorCode } from '@aumos/agf-domain';
import { ApiProperty } from '@nestjs/swagger';

export class BulkPreviewView {
  @ApiProperty({ type: 'integer', description: 'that the filter shows and that this can be done to' }) matches: number;
  @ApiProperty({ type: [String], description: 'ids of the oldest of them, at most 20' }) sample: string[];
}

class RefusedView {
  @ApiProperty({ format: 'uuid' }) execution_id: string;
  @ApiProperty({ example: 'INVALID_STATE' }) code: ApiErrorCode;
}

export class BulkResultView {
  @ApiProperty({ type: 'integer' }) accepted: number;
  @ApiProperty({ type: [RefusedView], description: 'what it could not be done to, and why' }) refused: RefusedView[];
}
