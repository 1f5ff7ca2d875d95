import { z } from 'zod';
import type { OperationCall } from '../contract.ts';
import { beginningOf } from '../text.ts';
import { answerOf, instant, listed, listOf, many, maybe, NextToken, text, when } from './answer.ts';
import { awsRead, flag, Regional } from './cli.ts';
import { AutomationDocument } from './names.ts';

const Answer = z.object({
  AutomationExecutionMetadataList: many(
    z.object({
      AutomationExecutionId: z.string(),
      DocumentName: text,
      AutomationExecutionStatus: text,
      ExecutionStartTime: when,
      ExecutionEndTime: when,
      ExecutedBy: maybe,
      CurrentStepName: maybe,
      FailureMessage: maybe,
    }),
  ),
  NextToken,
});

const nullable = z.string().nullable();

/** Executions, newest first; `latestId` and `latestStatus` are empty where there was none. */
export const Automations = listOf(
  z.object({ id: z.string(), status: z.string(), startedAt: instant, endedAt: instant, by: nullable, step: nullable, failure: nullable }),
).extend({ latestId: z.string(), latestStatus: z.string(), running: z.number().int() });

export const OneDocument = Regional.extend({ document: AutomationDocument });

/** Of the answer: outputs and parameters of executions may hold anything, and are not printed at all. */
const fields =
  '{AutomationExecutionMetadataList: AutomationExecutionMetadataList[].{AutomationExecutionId: AutomationExecutionId, DocumentName: DocumentName, AutomationExecutionStatus: AutomationExecutionStatus, ExecutionStartTime: ExecutionStartTime, ExecutionEndTime: ExecutionEndTime, ExecutedBy: ExecutedBy, CurrentStepName: CurrentStepName, FailureMessage: FailureMessage}, NextToken: NextToken}';

export const automations = awsRead({
  name: 'aws.ssm_automations',
  summary: 'Executions of an automation document of Systems Manager, newest first',
  input: OneDocument,
  output: Automations,
  line: ({ document }) => [
    ...(['ssm', 'describe-automation-executions', flag('filters', [{ Key: 'DocumentNamePrefix', Values: [document] }])] as const),
    ...['--max-items=100', flag('query', fields)],
  ],
  parse: ({ stdout }, { document }) => {
    const { AutomationExecutionMetadataList, NextToken: next } = answerOf(Answer, stdout);
    const all = AutomationExecutionMetadataList.filter(({ DocumentName }) => DocumentName === document)
      .map((one) => ({
        ...{
          id: one.AutomationExecutionId,
          status: one.AutomationExecutionStatus,
          startedAt: one.ExecutionStartTime,
          endedAt: one.ExecutionEndTime,
        },
        ...{
          by: one.ExecutedBy,
          step: one.CurrentStepName,
          failure: one.FailureMessage == null ? null : beginningOf(one.FailureMessage, 1000),
        },
      }))
      .toSorted((a, b) => (b.startedAt ?? '').localeCompare(a.startedAt ?? ''));
    const running = all.filter(({ endedAt }) => endedAt === null).length;
    return { ...listed(all, next), latestId: all[0]?.id ?? '', latestStatus: all[0]?.status ?? '', running };
  },
  permissions: ['ssm:DescribeAutomationExecutions'],
});

export function automationsOf({ region, document }: z.infer<typeof OneDocument>): OperationCall {
  return { operation: 'aws.ssm_automations', input: { ...(region && { region }), document } };
}
