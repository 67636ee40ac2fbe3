import type { Finding } from '@aumos/agf-domain';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export class FindingView implements Finding {
  @ApiProperty({ example: 'UNKNOWN_TOOL' }) rule: string;
  @ApiProperty({ enum: ['error', 'warning'] }) severity: 'error' | 'warning';
  @ApiProperty() message: string;
  @ApiPropertyOptional() node?: string;
  @ApiPropertyOptional({ type: 'integer', description: 'index of the edge' }) edge?: number;
  @ApiPropertyOptional({ type: [String], description: 'node ids' }) path?: string[];
  @ApiPropertyOptional({ description: 'JSON pointer into the definition' }) pointer?: string;
  @ApiPropertyOptional({ description: 'what to do' }) hint?: string;
}
