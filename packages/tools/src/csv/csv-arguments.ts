import { type JsonObject } from '@aumos/agf-domain';

/** What every tool that reads a CSV artifact takes. */
export interface CsvArguments {
  /** `artifact:<uuid>` */
  source: string;
  delimiter?: string;
  null_values?: string[];
}

export const CSV_ARGUMENTS: JsonObject = {
  source: {
    type: 'string',
    pattern: '^artifact:[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$',
    description: 'an uploaded artifact of the tenant',
  },
  delimiter: { type: 'string', enum: [',', ';', '\t', '|'], description: 'default ","' },
  null_values: {
    type: 'array',
    items: { type: 'string', maxLength: 64 },
    maxItems: 16,
    description: 'cells that mean "no value" beside the empty one, for example "NA"',
  },
};

export const artifactId = (source: string): string => source.slice('artifact:'.length);
