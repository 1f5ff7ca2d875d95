import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Site } from '../../tools/site.ts';
import { keys, type Moto, region, startMoto } from './moto.ts';
import { perform, performAndUndo } from './perform.ts';
import { freePort } from './processes.ts';
import { createTestSite, type TestSite } from './site.ts';

/** The real aws CLI against moto, which asks IAM: what each account may is exactly what docs/guides/aws-policy-*.json say. */

let moto: Moto;
let here: TestSite;
let settings: NonNullable<Site['aws']>;

beforeAll(async () => {
  moto = await startMoto();
  settings = {
    account: '123456789012',
    regions: [region],
    credentials: { from: 'files', ...moto.credentials },
    endpoint: moto.url,
    automations: [],
  };
  here = await createTestSite({ aws: settings });
});

afterAll(() => moto?.stop());

const hour = () => ({ from: new Date(Date.now() - 3_600_000).toISOString(), to: new Date(Date.now() + 3_600_000).toISOString() });
const one = (item: object) => ({ items: [expect.objectContaining(item)], omitted: 0, more: false });

type Row = readonly [operation: string, input: () => Record<string, unknown>, output: () => unknown];

const rows: readonly Row[] = [
  ['sts_caller_identity', () => ({}), () => ({ account: '123456789012', arn: 'arn:aws:iam::123456789012:user/read' })],
  [
    'ec2_instances',
    () => ({ tag: { key: 'service', value: 'web' }, states: ['running'] }),
    () => one({ id: moto.instance, tags: { service: 'web' } }),
  ],
  ['ec2_instance', () => ({ instance: moto.instance }), () => ({ state: 'running', account: '123456789012', type: 't3.micro' })],
  ['ec2_instance_status', () => ({ instances: [moto.instance] }), () => one({ id: moto.instance, system: 'ok', instance: 'ok' })],
  ['asg_groups', () => ({}), () => one({ name: 'web', min: 1, max: 4 })],
  ['asg_group', () => ({ group: 'web' }), () => ({ instances: [{ lifecycle: 'InService', health: 'Healthy' }] })],
  ['asg_activities', () => ({ group: 'web' }), () => ({ omitted: 0 })],
  ['elbv2_target_groups', () => ({}), () => one({ name: 'web', healthCheck: 'HTTP traffic-port /health' })],
  [
    'elbv2_target_health',
    () => ({ targetGroup: moto.targetGroup }),
    () => ({ items: [{ id: moto.instance, port: 80 }], healthy: 1, unhealthy: 0 }),
  ],
  ['ecs_service_names', () => ({ cluster: 'shop' }), () => ({ items: expect.arrayContaining(['web', 'idle']) })],
  [
    'ecs_services',
    () => ({ cluster: 'shop', services: ['web', 'gone'] }),
    () => ({ ...one({ name: 'web', status: 'ACTIVE' }), missing: ['gone'] }),
  ],
  ['ecs_service', () => ({ cluster: 'shop', service: 'web' }), () => ({ name: 'web', taskDefinition: expect.stringMatching(/web:1$/) })],
  ['ecs_task_definition', () => ({ family: 'web' }), () => ({ containers: [{ image: 'shop/web:1', environment: ['DATABASE_WORD'] }] })],
  ['ecs_tasks', () => ({ cluster: 'shop', service: 'idle' }), () => ({ items: [] })],
  ['rds_instances', () => ({}), () => ({ items: expect.arrayContaining([expect.objectContaining({ id: 'orders', engine: 'postgres' })]) })],
  ['rds_instance', () => ({ instance: 'orders' }), () => ({ status: 'available', storageGb: 20 })],
  ['rds_clusters', () => ({}), () => one({ id: 'carts' })],
  ['rds_events', () => ({ source: 'orders', ...hour() }), () => ({ omitted: 0 })],
  ['dynamodb_tables', () => ({}), () => ({ items: ['carts'] })],
  ['dynamodb_table', () => ({ table: 'carts' }), () => ({ status: 'ACTIVE', billing: 'PAY_PER_REQUEST' })],
  ['sqs_queues', () => ({ prefix: 'orders' }), () => ({ items: expect.arrayContaining(['orders', 'orders-dead']) })],
  [
    'sqs_queue_attributes',
    () => ({ queue: 'orders' }),
    () => ({ visible: 1, deadLetters: { to: expect.stringMatching(/:orders-dead$/), after: 5 } }),
  ],
  ['s3_buckets', () => ({}), () => ({ items: [{ name: 'shop-assets' }, { name: 'shop-plain' }] })],
  ['s3_versioning', () => ({ bucket: 'shop-assets' }), () => ({ status: 'Enabled' })],
  ['s3_versioning', () => ({ bucket: 'shop-plain' }), () => ({ status: 'never' })],
  ['s3_encryption', () => ({ bucket: 'shop-assets' }), () => ({ rules: [{ algorithm: 'AES256' }] })],
  ['s3_public_access', () => ({ bucket: 'shop-assets' }), () => ({ set: false, blockPublicAcls: false })],
  ['cloudwatch_metrics', () => ({ namespace: 'Shop' }), () => one({ name: 'Latency', dimensions: { service: 'web' } })],
  [
    'cloudwatch_statistics',
    () => ({ namespace: 'Shop', metric: 'Latency', dimensions: [{ name: 'service', value: 'web' }], statistic: 'Maximum', ...hour() }),
    () => ({ unit: 'Seconds', points: [{ value: 3.5 }, { value: 2.5 }, { value: 1.5 }] }),
  ],
  ['cloudwatch_alarms', () => ({ state: 'ALARM' }), () => one({ name: 'web: latency', reason: 'made up' })],
  [
    'cloudwatch_alarm',
    () => ({ alarm: 'web: latency' }),
    () => ({ rule: 'Average of Shop Latency GreaterThanThreshold 2, 1 times 300 s' }),
  ],
  ['logs_groups', () => ({}), () => one({ name: '/shop/web' })],
  [
    'logs_insights',
    () => ({ groups: ['/shop/web'], query: 'fields @timestamp, @message | sort @timestamp desc', ...hour() }),
    () => ({ complete: true, rows: [{ '@message': 'ERROR made up' }] }),
  ],
  ['service_quota', () => ({ service: 'vpc', quota: 'L-F678F1CE' }), () => ({ name: 'VPCs per Region', value: 5 })],
  ['acm_certificates', () => ({}), () => one({ domain: 'shop.example' })],
  [
    'acm_certificate',
    () => ({ certificate: moto.certificate }),
    () => ({ names: ['shop.example'], validation: [{ domain: 'shop.example' }] }),
  ],
];

/** Of services whose signatures moto cannot check. */
const unchecked: readonly Row[] = [
  ['eks_clusters', () => ({}), () => ({ items: ['shop'] })],
  ['eks_cluster', () => ({ cluster: 'shop' }), () => ({ name: 'shop', status: 'ACTIVE', problems: [] })],
  ['eks_nodegroups', () => ({ cluster: 'shop' }), () => ({ items: ['workers'] })],
  ['eks_nodegroup', () => ({ cluster: 'shop', nodegroup: 'workers' }), () => ({ name: 'workers', status: 'ACTIVE' })],
  ['lambda_functions', () => ({}), () => one({ name: 'checkout', variables: ['API_WORD'] })],
  ['lambda_function', () => ({ function: 'checkout' }), () => ({ runtime: 'python3.12', variables: ['API_WORD'] })],
  ['lambda_versions', () => ({ function: 'checkout' }), () => ({ items: [{ version: '2' }, { version: '1' }] })],
  ['lambda_aliases', () => ({ function: 'checkout' }), () => one({ name: 'live', weighted: false })],
  ['route53_zones', () => ({}), () => one({ id: moto.zone, name: 'shop.example.', private: false })],
  [
    'route53_records',
    () => ({ zone: moto.zone }),
    () => ({ items: expect.arrayContaining([expect.objectContaining({ type: 'A', values: ['192.0.2.1'] })]) }),
  ],
];

async function reads([operation, input, output]: Row): Promise<void> {
  const answer = await here.read(`aws.${operation}`, input());
  expect(answer).toMatchObject({ status: 'ok' });
  const observation = here.observationOf(answer);
  expect(observation.output).toMatchObject(output() as object);
  // Values of environment variables are in no piece of evidence.
  expect(JSON.stringify(observation)).not.toContain(moto.variable);
}

const misses = async (operation: string, input: Record<string, unknown>) =>
  expect(await here.read(`aws.${operation}`, input)).toMatchObject({ status: 'error', code: 'not_found' });

describe('where IAM grants each account its policy of docs/guides, and nothing else,', () => {
  beforeAll(() => moto.enforce(true));

  it.concurrent.each(rows)('aws.%s reads', (...row) => reads(row));

  it.concurrent.each([
    ['ec2_instance', { instance: 'i-0123456789abcdef0' }],
    ['asg_group', { group: 'gone' }],
    ['ecs_service', { cluster: 'shop', service: 'gone' }],
    ['ecs_tasks', { cluster: 'gone', service: 'web' }],
    ['rds_instance', { instance: 'gone' }],
    ['rds_cluster', { cluster: 'gone' }],
    ['dynamodb_table', { table: 'gone' }],
    ['sqs_queue_attributes', { queue: 'gone' }],
    ['s3_versioning', { bucket: 'shop-gone' }],
    ['cloudwatch_alarm', { alarm: 'gone' }],
  ])('aws.%s says what is not there', misses);

  it.concurrent('a desired capacity is set, and set back', () =>
    performAndUndo(here, 'aws.asg_desired_capacity', { group: 'web', desired: 2 }));

  it.concurrent('an alarm is silenced, and speaks again', () =>
    performAndUndo(here, 'aws.cloudwatch_alarm_actions', { alarm: 'web: latency', enabled: false }));

  it.concurrent('a cluster fails over, and back', () => performAndUndo(here, 'aws.rds_failover', { cluster: 'carts', to: 'carts-2' }));

  it.concurrent('a deployment is forced', () => perform(here, 'aws.ecs_force_deployment', { cluster: 'shop', service: 'web' }));

  it.concurrent('an instance is rebooted after a dry run', async () => {
    const input = { instance: moto.instance };
    const text = expect.stringContaining('would have succeeded');
    expect(await here.dryRun('aws.ec2_reboot_instance', input)).toMatchObject({ output: { text } });
    expect(await here.write('aws.ec2_reboot_instance', input)).toMatchObject({ status: 'ok' });
  });

  it.concurrent('a database is restarted', async () => {
    expect(await here.write('aws.rds_reboot_instance', { instance: 'orders' })).toMatchObject({ status: 'ok' });
  });

  describe('credentials', () => {
    const siteWith = (more: Partial<typeof settings>) => createTestSite({ aws: { ...settings, ...more } });
    const files = (read: string, write = read) => ({ from: 'files', read, write }) as const;
    const silence = { alarm: 'web: latency', enabled: false };

    it.concurrent('of reads change nothing', async () => {
      const both = await siteWith({ credentials: files(moto.credentials.read) });
      expect(await both.write('aws.cloudwatch_alarm_actions', silence)).toMatchObject({ status: 'error', code: 'forbidden' });
    });

    it.concurrent('of another account change nothing, though they could', async () => {
      const other = await siteWith({ account: '210987654321' });
      expect(await other.write('aws.cloudwatch_alarm_actions', silence)).toMatchObject({
        code: 'forbidden',
        message: 'the credentials belong to account 123456789012, not to 210987654321: nothing was changed',
      });
      expect(await other.dryRun('aws.ec2_reboot_instance', { instance: moto.instance })).toMatchObject({ code: 'forbidden' });
    });

    it.concurrent('that nobody has issued are forbidden', async () => {
      const unknown = await moto.profile('unknown', keys({ id: 'AKIAUNKNOWN', secret: 'made-up' }));
      const site = await siteWith({ credentials: files(unknown) });
      expect(await site.read('aws.ec2_instances', {})).toMatchObject({ status: 'error', code: 'forbidden' });
    });

    it.concurrent('that would come from a program of the file are refused before anything starts', async () => {
      const plugin = await moto.profile('plugin', '[default]\ncredential_process = /bin/false\n');
      const site = await siteWith({ credentials: files(plugin) });
      expect(await site.read('aws.ec2_instances', {})).toMatchObject({
        code: 'context_unknown',
        message: expect.stringContaining('credential_process'),
      });
    });

    it.concurrent('are not looked for elsewhere', async () => {
      const site = await siteWith({
        credentials: {
          from: 'web_identity',
          tokenFile: '/nonexistent',
          roles: { read: 'arn:aws:iam::123456789012:role/r', write: 'arn:aws:iam::123456789012:role/w' },
        },
      });
      expect(await site.read('aws.ec2_instances', {})).toMatchObject({ status: 'error' });
    });
  });
});

describe('where IAM is not asked,', () => {
  beforeAll(() => moto.enforce(false));

  it.concurrent.each(unchecked)('aws.%s reads', (...row) => reads(row));

  it.concurrent.each([
    ['eks_cluster', { cluster: 'gone' }],
    ['lambda_function', { function: 'gone' }],
    ['route53_records', { zone: 'ZGONE' }],
  ])('aws.%s says what is not there', misses);

  it.concurrent('an alias leads to the previous version, and back', () =>
    performAndUndo(here, 'aws.lambda_alias_version', { function: 'checkout', alias: 'live', version: '1' }));

  it.concurrent('an endpoint that is away is unreachable', async () => {
    const away = await createTestSite({ aws: { ...settings, endpoint: `http://127.0.0.1:${await freePort()}` } });
    expect(await away.read('aws.sts_caller_identity', {})).toMatchObject({ status: 'error', code: 'unreachable' });
  });

  it.concurrent('a region that the site does not name is not asked', async () => {
    expect(await here.read('aws.ec2_instances', { region: 'us-east-1' })).toMatchObject({ code: 'context_unknown' });
  });
});
