import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failureCode } from '../failures.ts';
import type { AnyOperation, CliCommand } from '../operation.ts';
import { roleOf } from '../roles.ts';
import { mutations } from '../testing/arbitraries.ts';
import { sampleSite } from '../testing/examples.ts';
import { examples } from './examples.ts';
import { policyOf } from './iam.ts';
import { system } from './index.ts';
import { startAutomation } from './ssm-start-automation.ts';

const named = system.operations.map((operation) => [operation.name, operation] as const);

function operation(name: string): AnyOperation {
  const found = system.operations.find((one) => one.name === `aws.${name}`);
  if (found === undefined) throw new Error(`no operation ${name}`);
  return found;
}

/** What an operation makes of an answer of AWS. */
function outputOf(name: string, answer: unknown, input: object = {}, exitCode = 0, stderr = ''): unknown {
  return operation(name).parse({ exitCode, stdout: typeof answer === 'string' ? answer : JSON.stringify(answer), stderr }, input);
}

/** Every command line of a call: also those before and beside it. */
function linesOf(command: CliCommand): CliCommand[] {
  const others = [command.bound?.command, command.unless?.command].filter((one): one is CliCommand => one?.kind === 'cli');
  return [command, ...others];
}

/** What the CLI reads a value from, instead of taking it as it is: https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-parameters-file.html. */
const expanded = /^\s*(fileb?|https?):\/\//i;

const schemes = fc.oneof(
  fc
    .tuple(fc.constantFrom('file://', 'fileb://', 'http://', 'https://', 'FILE://', ' file://'), fc.string())
    .map(([scheme, rest]) => `${scheme}${rest}`),
  fc.constantFrom(
    'a@=file:///etc/passwd',
    'Name=x,Values=@=fileb:///etc/passwd',
    '[file:///etc/passwd]',
    '{"a":1}',
    '["a"]',
    '[',
    '{',
    '@',
  ),
  fc.constantFrom(
    '--endpoint-url=http://attacker.example',
    '--debug',
    '--profile=admin',
    '--cli-input-json=file:///etc/passwd',
    '--query=@',
  ),
);

describe.each(named)('%s', (name, { input: type, command }) => {
  const input = examples[name]?.input ?? {};
  const queryOf = ({ argv }: CliCommand) => argv.filter((argument) => argument.startsWith('--query='));
  const own = command(type.parse(input), sampleSite) as CliCommand;

  it('lets no input reach a file, an address, the shorthand of structures or the query', () => {
    const places = mutations(input);
    if (places.length === 0) return;
    fc.assert(
      fc.property(fc.constantFrom(...places), schemes, (mutate, value) => {
        const parsed = type.safeParse(mutate(value));
        if (!parsed.success) return;
        const built = command(parsed.data, sampleSite) as CliCommand;
        expect(queryOf(built)).toEqual(queryOf(own));
        for (const { argv } of linesOf(built)) {
          const values = argv.map((argument) => argument.replace(/^--[a-z-]+=/, ''));
          for (const text of values) {
            expect(text).not.toMatch(expanded);
            if (/^[[{]/.test(text)) expect(() => JSON.parse(text)).not.toThrow();
            else expect(text).not.toContain('@=');
          }
        }
      }),
      { numRuns: 150 },
    );
  });
});

it.each(named.filter(([, { kind }]) => kind === 'write'))('%s asks first whose the credentials are', (name, { input: type, command }) => {
  const { unless } = command(type.parse(examples[name]?.input), sampleSite) as CliCommand;
  const objection = (answer: unknown) => unless?.objection({ exitCode: 0, stdout: JSON.stringify(answer), stderr: '' });
  const whose = { UserId: 'u', Arn: 'arn:aws:iam::123456789012:user/w' };
  expect((unless?.command as CliCommand | undefined)?.argv.slice(0, 2)).toEqual(['sts', 'get-caller-identity']);
  expect(objection({ ...whose, Account: '123456789012' })).toBeNull();
  expect(objection({ ...whose, Account: '210987654321' })).toContain('account 210987654321, not to 123456789012');
  expect(objection({})).toContain('could not be read');
});

describe('failures', () => {
  const said = (code: string) => `\nAn error occurred (${code}) when calling the DescribeThings operation: words`;
  it.each([
    [
      'throttled',
      ['Throttling', 'ThrottlingException', 'ThrottledException', 'RequestLimitExceeded', 'TooManyRequestsException', 'SlowDown'],
    ],
    ['throttled', ['ProvisionedThroughputExceededException', 'LimitExceededException']],
    [
      'forbidden',
      ['ExpiredToken', 'ExpiredTokenException', 'RequestExpired', 'AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation'],
    ],
    [
      'forbidden',
      ['InvalidClientTokenId', 'UnrecognizedClientException', 'AuthFailure', 'SignatureDoesNotMatch', 'SubscriptionRequiredException'],
    ],
    [
      'not_found',
      ['ResourceNotFoundException', 'DBInstanceNotFound', 'DBClusterNotFoundFault', 'InvalidInstanceID.NotFound', 'NoSuchBucket'],
    ],
    ['not_found', ['NoSuchHostedZone', 'ClusterNotFoundException', 'AWS.SimpleQueueService.NonExistentQueue', 'QueueDoesNotExist', '404']],
    [
      'bad_input',
      ['ValidationError', 'ValidationException', 'InvalidParameterValue', 'InvalidInstanceID.Malformed', 'MalformedQueryException'],
    ],
    ['unreachable', ['ServiceUnavailable', 'InternalFailure', 'InternalServerError', '503']],
    ['failed', ['ScalingActivityInProgress', 'ResourceConflictException', 'PreconditionFailedException']],
  ] as const)('%s: %j', (code, words) => {
    for (const word of words) expect([word, failureCode('aws', said(word))]).toEqual([word, code]);
  });

  it.each([
    ['unreachable', 'Could not connect to the endpoint URL: "https://ecs.eu-central-1.amazonaws.com/"'],
    ['unreachable', 'Connect timeout on endpoint URL: "https://ecs.eu-central-1.amazonaws.com/"'],
    ['unreachable', 'Read timeout on endpoint URL: "https://ecs.eu-central-1.amazonaws.com/"'],
    ['unreachable', 'SSL validation failed for https://ecs.eu-central-1.amazonaws.com/'],
    ['context_unknown', 'Unable to locate credentials. You can configure credentials by running "aws configure".'],
    ['context_unknown', 'The config profile (default) could not be found'],
    ['bad_input', 'Parameter validation failed:\nInvalid length for parameter cluster'],
  ] as const)('%s: %s', (code, stderr) => expect(failureCode('aws', stderr)).toBe(code));
});

describe('policies', () => {
  it('give reads no right to change or to read what people have stored, and nobody a wildcard or another identity', () => {
    const actionsOf = (kind: 'read' | 'write'): string[] => JSON.parse(roleOf('aws', kind)).Statement[0].Action;
    const [read, writes] = [actionsOf('read'), actionsOf('write')];
    const looks = /^[a-z0-9-]+:(Describe|Get|List|Lookup)|^logs:StartQuery$/;
    expect(read.filter((action) => !looks.test(action))).toEqual([]);
    expect(read.join()).not.toMatch(/GetObject|GetItem|dynamodb:Query|Scan|ReceiveMessage|GetParameter|GetSecretValue|lambda:GetFunction,/);
    expect([...read, ...writes].join()).not.toMatch(/\*|PassRole|AssumeRole|iam:|kms:/);
    expect(() => policyOf('x', ['everything'])).toThrow('no action of IAM');
  });
});

describe('answers', () => {
  const taskArn = 'arn:aws:ecs:eu-central-1:123456789012:task/shop/0123456789abcdef';

  it('tasks are those that were listed, with exit codes; none is an answer', () => {
    const { bound } = operation('ecs_tasks').command({ cluster: 'shop', service: 'web', status: 'STOPPED' }, sampleSite) as CliCommand;
    const stdout = JSON.stringify({ taskArns: [taskArn] });
    expect(bound?.value({ exitCode: 0, stdout, stderr: '' })).toBe(`--tasks=["${taskArn}"]`);
    expect(() => bound?.value({ exitCode: 0, stdout: '{"taskArns":["file:///etc/passwd"]}', stderr: '' })).toThrow('unexpected JSON');
    const containers = [{ name: 'web', image: 'shop/web:1', lastStatus: 'STOPPED', exitCode: 137, reason: 'OutOfMemoryError' }];
    const tasks = [
      { taskArn, lastStatus: 'STOPPED', stoppedAt: 1767323045.5, stoppedReason: 'Essential container in task exited', containers },
    ];
    expect(outputOf('ecs_tasks', { tasks })).toMatchObject({
      items: [{ stoppedAt: '2026-01-02T03:04:05.500Z', containers: [{ exitCode: 137, reason: 'OutOfMemoryError' }] }],
    });
    const nobody = 'An error occurred (InvalidParameterException) when calling the DescribeTasks operation: Tasks cannot be empty.';
    expect(operation('ecs_tasks').answers?.({ exitCode: 254, stdout: '', stderr: nobody })).toBe(true);
    expect(outputOf('ecs_tasks', '', {}, 254, nobody)).toMatchObject({ items: [] });
  });

  it('long lists are cut, and say by how much', () => {
    const TableNames = Array.from({ length: 203 }, (_, index) => `t${index}`);
    expect(outputOf('dynamodb_tables', { TableNames, NextToken: 'x' })).toMatchObject({ omitted: 3, more: true, items: { length: 200 } });
    expect(outputOf('sqs_queues', '')).toEqual({ items: [], omitted: 0, more: false });
  });

  it('events of CloudTrail say who, from where and with what outcome, and keep no parameters', () => {
    const CloudTrailEvent = JSON.stringify({
      errorCode: 'AccessDenied',
      sourceIPAddress: '192.0.2.1',
      requestParameters: { word: 'made-up' },
    });
    const output = outputOf('cloudtrail_events', {
      Events: [{ EventName: 'StopInstances', Username: 'ann', ReadOnly: 'false', CloudTrailEvent }],
    });
    expect(output).toMatchObject({
      items: [{ event: 'StopInstances', user: 'ann', readOnly: false, error: 'AccessDenied', address: '192.0.2.1' }],
    });
    expect(JSON.stringify(output)).not.toContain('made-up');
  });

  it('events of AWS Health, quotas and automations', () => {
    const event = {
      arn: 'arn:aws:health:eu-central-1::event/EC2/x',
      service: 'EC2',
      statusCode: 'open',
      startTime: '2026-01-02T03:04:05Z',
    };
    expect(outputOf('health_events', { events: [event] })).toMatchObject({
      items: [{ service: 'EC2', startedAt: '2026-01-02T03:04:05.000Z' }],
    });
    expect(outputOf('service_quotas', { Quotas: [{ QuotaCode: 'L-1', QuotaName: 'n', Value: 5, Adjustable: true }] })).toMatchObject({
      items: [{ code: 'L-1', value: 5, adjustable: true }],
    });
  });

  it('an automation is known by the newest execution of exactly its document', () => {
    const run = (id: string, document: string, at: number, more: object = {}) => ({
      ...{
        AutomationExecutionId: id,
        DocumentName: document,
        AutomationExecutionStatus: 'Success',
        ExecutionStartTime: at,
        ExecutionEndTime: at + 1,
      },
      ...more,
    });
    const executions = [run('a', 'Fix', 1), run('b', 'Fix', 9, { ExecutionEndTime: null }), run('c', 'Fix2', 99)];
    const answer = { AutomationExecutionMetadataList: executions };
    expect(outputOf('ssm_automations', answer, { document: 'Fix' })).toMatchObject({ latestId: 'b', latestStatus: 'Success', running: 1 });
    expect(outputOf('ssm_automations', {}, { document: 'Fix' })).toMatchObject({ latestId: '', running: 0 });
  });

  it('a document that the site does not name is not started', () => {
    const input = { document: 'AWS-DeleteEverything', token: '11111111-1111-4111-8111-111111111111' };
    expect(() => startAutomation.command(input, sampleSite)).toThrow('none of sites[].aws.automations');
    expect(() => operation('sts_caller_identity').command({ region: 'us-east-1' }, sampleSite)).toThrow('none of sites[].aws.regions');
    const { aws: _, ...without } = sampleSite;
    expect(() => operation('sts_caller_identity').command({}, without)).toThrow('has no AWS');
  });

  it('the address of a queue is one, and of that queue', () => {
    const { bound } = operation('sqs_queue_attributes').command({ queue: 'orders' }, sampleSite) as CliCommand;
    const value = (QueueUrl: string) => bound?.value({ exitCode: 0, stdout: JSON.stringify({ QueueUrl }), stderr: '' });
    expect(value('https://sqs.eu-central-1.amazonaws.com/123456789012/orders')).toMatch(/^--queue-url=https:/);
    for (const wrong of ['file:///etc/orders', 'https://sqs.example/1/others', 'https://sqs.example/1/x?a=/orders'])
      expect(() => value(wrong)).toThrow('not the address');
  });
});
