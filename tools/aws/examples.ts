import type { SystemSettings } from '../site.ts';
import { type Examples, sampleFiles } from '../testing/example.ts';

export const examples: Examples = {
  'aws.acm_certificate': {
    input: { certificate: 'arn:aws:acm:eu-central-1:123456789012:certificate/11111111-1111-4111-8111-111111111111' },
    line: 'aws acm describe-certificate --region=eu-central-1 --certificate-arn=arn:aws:acm:eu-central-1:123456789012:certificate/11111111-1111-4111-8111-111111111111',
  },
  'aws.acm_certificates': { input: {}, line: 'aws acm list-certificates --region=eu-central-1 --max-items=1000' },
  'aws.asg_activities': {
    input: { group: 'web' },
    line: 'aws autoscaling describe-scaling-activities --region=eu-central-1 --auto-scaling-group-name=web --max-items=100',
  },
  'aws.asg_desired_capacity': {
    input: { group: 'web', desired: 4 },
    line: 'aws autoscaling set-desired-capacity --region=eu-central-1 --auto-scaling-group-name=web --desired-capacity=4',
  },
  'aws.asg_group': {
    input: { group: 'web' },
    line: 'aws autoscaling describe-auto-scaling-groups --region=eu-central-1 --auto-scaling-group-names=["web"]',
  },
  'aws.asg_groups': { input: {}, line: 'aws autoscaling describe-auto-scaling-groups --region=eu-central-1 --max-items=1000' },
  'aws.cloudtrail_events': {
    input: { by: { what: 'resource', value: 'web' }, from: '2026-01-02T03:00:00Z', to: '2026-01-02T04:00:00Z' },
    line: 'aws cloudtrail lookup-events --region=eu-central-1 --lookup-attributes=[{"AttributeKey":"ResourceName","AttributeValue":"web"}] --start-time=2026-01-02T03:00:00Z --end-time=2026-01-02T04:00:00Z --max-items=100',
  },
  'aws.cloudwatch_alarm': {
    input: { alarm: 'web: latency' },
    line: 'aws cloudwatch describe-alarms --region=eu-central-1 --alarm-types=["MetricAlarm","CompositeAlarm"] --alarm-names=["web: latency"]',
  },
  'aws.cloudwatch_alarm_actions': {
    input: { alarm: 'web: latency', enabled: false },
    line: 'aws cloudwatch disable-alarm-actions --region=eu-central-1 --alarm-names=["web: latency"]',
  },
  'aws.cloudwatch_alarms': {
    input: { state: 'ALARM', prefix: 'web' },
    line: 'aws cloudwatch describe-alarms --region=eu-central-1 --alarm-types=["MetricAlarm","CompositeAlarm"] --state-value=ALARM --alarm-name-prefix=web --max-items=1000',
  },
  'aws.cloudwatch_metrics': {
    input: { namespace: 'AWS/EC2', metric: 'CPUUtilization', dimensions: [{ name: 'InstanceId', value: 'i-0123456789abcdef0' }] },
    line: 'aws cloudwatch list-metrics --region=eu-central-1 --namespace=AWS/EC2 --metric-name=CPUUtilization --dimensions=[{"Name":"InstanceId","Value":"i-0123456789abcdef0"}] --max-items=1000',
  },
  'aws.cloudwatch_statistics': {
    input: {
      namespace: 'AWS/EC2',
      metric: 'CPUUtilization',
      dimensions: [{ name: 'AutoScalingGroupName', value: 'web' }],
      statistic: 'Average',
      from: '2026-01-02T03:00:00Z',
      to: '2026-01-02T04:00:00Z',
    },
    line: 'aws cloudwatch get-metric-statistics --region=eu-central-1 --namespace=AWS/EC2 --metric-name=CPUUtilization --dimensions=[{"Name":"AutoScalingGroupName","Value":"web"}] --statistics=["Average"] --period=300 --start-time=2026-01-02T03:00:00Z --end-time=2026-01-02T04:00:00Z',
  },
  'aws.dynamodb_table': { input: { table: 'carts' }, line: 'aws dynamodb describe-table --region=eu-central-1 --table-name=carts' },
  'aws.dynamodb_tables': { input: {}, line: 'aws dynamodb list-tables --region=eu-central-1 --max-items=1000' },
  'aws.ec2_instance': {
    input: { instance: 'i-0123456789abcdef0' },
    line: 'aws ec2 describe-instances --region=eu-central-1 --instance-ids=["i-0123456789abcdef0"]',
  },
  'aws.ec2_instance_status': {
    input: { instances: ['i-0123456789abcdef0'] },
    line: 'aws ec2 describe-instance-status --region=eu-central-1 --instance-ids=["i-0123456789abcdef0"] --include-all-instances',
  },
  'aws.ec2_instances': {
    input: { tag: { key: 'service', value: 'web' }, states: ['running'] },
    line: 'aws ec2 describe-instances --region=eu-central-1 --filters=[{"Name":"tag:service","Values":["web"]},{"Name":"instance-state-name","Values":["running"]}] --max-items=1000',
  },
  'aws.ec2_reboot_instance': {
    input: { instance: 'i-0123456789abcdef0' },
    line: 'aws ec2 reboot-instances --region=eu-central-1 --instance-ids=["i-0123456789abcdef0"]',
    dryRun: 'aws ec2 reboot-instances --region=eu-central-1 --instance-ids=["i-0123456789abcdef0"] --dry-run',
  },
  'aws.ecs_force_deployment': {
    input: { cluster: 'shop', service: 'web' },
    line: 'aws ecs update-service --region=eu-central-1 --cluster=shop --service=web --force-new-deployment --query=service.deployments[0].id',
  },
  'aws.ecs_service': {
    input: { cluster: 'shop', service: 'web', region: 'eu-west-1' },
    line: 'aws ecs describe-services --region=eu-west-1 --cluster=shop --services=["web"]',
  },
  'aws.ecs_service_names': {
    input: { cluster: 'shop' },
    line: 'aws ecs list-services --region=eu-central-1 --cluster=shop --max-items=1000',
  },
  'aws.ecs_services': {
    input: { cluster: 'shop', services: ['web', 'api'] },
    line: 'aws ecs describe-services --region=eu-central-1 --cluster=shop --services=["web","api"]',
  },
  'aws.ecs_task_definition': {
    input: { family: 'web', revision: 3 },
    line: 'aws ecs describe-task-definition --region=eu-central-1 --task-definition=web:3 --query=taskDefinition.{taskDefinitionArn: taskDefinitionArn, revision: revision, status: status, cpu: cpu, memory: memory, taskRoleArn: taskRoleArn, executionRoleArn: executionRoleArn, containers: containerDefinitions[].{name: name, image: image, cpu: cpu, memory: memory, essential: essential, environment: environment[].name, secrets: secrets[].name, logs: logConfiguration.logDriver, ports: portMappings[].containerPort, command: command}}',
  },
  'aws.ecs_tasks': {
    input: { cluster: 'shop', service: 'web', status: 'STOPPED' },
    line: 'aws ecs describe-tasks --region=eu-central-1 --cluster=shop --tasks=TASKS --query={tasks: tasks[].{taskArn: taskArn, taskDefinitionArn: taskDefinitionArn, lastStatus: lastStatus, desiredStatus: desiredStatus, healthStatus: healthStatus, launchType: launchType, group: group, startedAt: startedAt, stoppedAt: stoppedAt, stoppedReason: stoppedReason, stopCode: stopCode, containers: containers[].{name: name, image: image, lastStatus: lastStatus, exitCode: exitCode, reason: reason, healthStatus: healthStatus}}}',
  },
  'aws.eks_cluster': { input: { cluster: 'shop' }, line: 'aws eks describe-cluster --region=eu-central-1 --name=shop' },
  'aws.eks_clusters': { input: {}, line: 'aws eks list-clusters --region=eu-central-1 --max-items=1000' },
  'aws.eks_nodegroup': {
    input: { cluster: 'shop', nodegroup: 'workers' },
    line: 'aws eks describe-nodegroup --region=eu-central-1 --cluster-name=shop --nodegroup-name=workers',
  },
  'aws.eks_nodegroups': {
    input: { cluster: 'shop' },
    line: 'aws eks list-nodegroups --region=eu-central-1 --cluster-name=shop --max-items=1000',
  },
  'aws.elbv2_target_groups': {
    input: { loadBalancer: 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/web/0123456789abcdef' },
    line: 'aws elbv2 describe-target-groups --region=eu-central-1 --load-balancer-arn=arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/web/0123456789abcdef --max-items=1000',
  },
  'aws.elbv2_target_health': {
    input: { targetGroup: 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/web/0123456789abcdef' },
    line: 'aws elbv2 describe-target-health --region=eu-central-1 --target-group-arn=arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/web/0123456789abcdef',
  },
  'aws.health_events': {
    input: {},
    line: 'aws health describe-events --region=us-east-1 --filter={"eventStatusCodes":["open","upcoming"],"regions":["eu-central-1","eu-west-1","global"]} --max-items=200',
  },
  'aws.lambda_alias': {
    input: { function: 'checkout', alias: 'live' },
    line: 'aws lambda get-alias --region=eu-central-1 --function-name=checkout --name=live',
  },
  'aws.lambda_alias_version': {
    input: { function: 'checkout', alias: 'live', version: '6' },
    line: 'aws lambda update-alias --region=eu-central-1 --function-name=checkout --name=live --function-version=6',
  },
  'aws.lambda_aliases': {
    input: { function: 'checkout' },
    line: 'aws lambda list-aliases --region=eu-central-1 --function-name=checkout --max-items=1000',
  },
  'aws.lambda_function': {
    input: { function: 'checkout' },
    line: 'aws lambda get-function-configuration --region=eu-central-1 --function-name=checkout --query={FunctionName: FunctionName, FunctionArn: FunctionArn, Runtime: Runtime, Version: Version, LastModified: LastModified, MemorySize: MemorySize, Timeout: Timeout, State: State, StateReason: StateReason, LastUpdateStatus: LastUpdateStatus, LastUpdateStatusReason: LastUpdateStatusReason, CodeSha256: CodeSha256, PackageType: PackageType, Role: Role, Variables: keys(Environment.Variables || `{}`), Vpc: VpcConfig.VpcId, DeadLetters: DeadLetterConfig.TargetArn}',
  },
  'aws.lambda_functions': {
    input: {},
    line: 'aws lambda list-functions --region=eu-central-1 --max-items=1000 --query={Functions: Functions[].{FunctionName: FunctionName, FunctionArn: FunctionArn, Runtime: Runtime, Version: Version, LastModified: LastModified, MemorySize: MemorySize, Timeout: Timeout, State: State, StateReason: StateReason, LastUpdateStatus: LastUpdateStatus, LastUpdateStatusReason: LastUpdateStatusReason, CodeSha256: CodeSha256, PackageType: PackageType, Role: Role, Variables: keys(Environment.Variables || `{}`), Vpc: VpcConfig.VpcId, DeadLetters: DeadLetterConfig.TargetArn}, NextToken: NextToken}',
  },
  'aws.lambda_versions': {
    input: { function: 'checkout' },
    line: 'aws lambda list-versions-by-function --region=eu-central-1 --function-name=checkout --max-items=1000 --query={Versions: Versions[].{FunctionName: FunctionName, FunctionArn: FunctionArn, Runtime: Runtime, Version: Version, LastModified: LastModified, MemorySize: MemorySize, Timeout: Timeout, State: State, StateReason: StateReason, LastUpdateStatus: LastUpdateStatus, LastUpdateStatusReason: LastUpdateStatusReason, CodeSha256: CodeSha256, PackageType: PackageType, Role: Role, Variables: keys(Environment.Variables || `{}`), Vpc: VpcConfig.VpcId, DeadLetters: DeadLetterConfig.TargetArn}, NextToken: NextToken}',
  },
  'aws.logs_groups': {
    input: { pattern: 'web' },
    line: 'aws logs describe-log-groups --region=eu-central-1 --log-group-name-pattern=web --max-items=1000',
  },
  'aws.logs_insights': {
    input: {
      groups: ['/aws/lambda/checkout'],
      query: 'fields @timestamp, @message | filter @message like /ERROR/',
      from: '2026-01-02T03:00:00Z',
      to: '2026-01-02T04:00:00Z',
    },
    line: 'aws logs get-query-results --region=eu-central-1 --query-id=QUERY-ID',
  },
  'aws.rds_cluster': {
    input: { cluster: 'orders' },
    line: 'aws rds describe-db-clusters --region=eu-central-1 --db-cluster-identifier=orders',
  },
  'aws.rds_clusters': { input: {}, line: 'aws rds describe-db-clusters --region=eu-central-1 --max-items=1000' },
  'aws.rds_events': {
    input: { source: 'orders', from: '2026-01-02T03:00:00Z', to: '2026-01-02T04:00:00Z' },
    line: 'aws rds describe-events --region=eu-central-1 --source-identifier=orders --source-type=db-instance --start-time=2026-01-02T03:00:00Z --end-time=2026-01-02T04:00:00Z --max-items=1000',
  },
  'aws.rds_failover': {
    input: { cluster: 'orders', to: 'orders-2' },
    line: 'aws rds failover-db-cluster --region=eu-central-1 --db-cluster-identifier=orders --target-db-instance-identifier=orders-2 --query=DBCluster.Status',
  },
  'aws.rds_instance': {
    input: { instance: 'orders' },
    line: 'aws rds describe-db-instances --region=eu-central-1 --db-instance-identifier=orders',
  },
  'aws.rds_instances': { input: {}, line: 'aws rds describe-db-instances --region=eu-central-1 --max-items=1000' },
  'aws.rds_reboot_instance': {
    input: { instance: 'orders' },
    line: 'aws rds reboot-db-instance --region=eu-central-1 --db-instance-identifier=orders --query=DBInstance.DBInstanceStatus',
  },
  'aws.route53_records': {
    input: { zone: 'Z0123456789ABCDEFGHIJ' },
    line: 'aws route53 list-resource-record-sets --region=eu-central-1 --hosted-zone-id=Z0123456789ABCDEFGHIJ --max-items=1000',
  },
  'aws.route53_zones': { input: {}, line: 'aws route53 list-hosted-zones --region=eu-central-1 --max-items=1000' },
  'aws.s3_buckets': { input: {}, line: 'aws s3api list-buckets --region=eu-central-1' },
  'aws.s3_encryption': {
    input: { bucket: 'shop-assets' },
    line: 'aws s3api get-bucket-encryption --region=eu-central-1 --bucket=shop-assets',
  },
  'aws.s3_public_access': {
    input: { bucket: 'shop-assets' },
    line: 'aws s3api get-public-access-block --region=eu-central-1 --bucket=shop-assets',
  },
  'aws.s3_versioning': {
    input: { bucket: 'shop-assets' },
    line: 'aws s3api get-bucket-versioning --region=eu-central-1 --bucket=shop-assets',
  },
  'aws.service_quota': {
    input: { service: 'ec2', quota: 'L-1216C47A' },
    line: 'aws service-quotas get-service-quota --region=eu-central-1 --service-code=ec2 --quota-code=L-1216C47A',
  },
  'aws.service_quotas': {
    input: { service: 'ec2' },
    line: 'aws service-quotas list-service-quotas --region=eu-central-1 --service-code=ec2 --max-items=1000',
  },
  'aws.sqs_queue_attributes': {
    input: { queue: 'orders' },
    line: 'aws sqs get-queue-attributes --region=eu-central-1 --queue-url=QUEUE-URL --attribute-names=["QueueArn","ApproximateNumberOfMessages","ApproximateNumberOfMessagesNotVisible","ApproximateNumberOfMessagesDelayed","VisibilityTimeout","MessageRetentionPeriod","CreatedTimestamp","LastModifiedTimestamp","RedrivePolicy"]',
  },
  'aws.sqs_queues': {
    input: { prefix: 'orders' },
    line: 'aws sqs list-queues --region=eu-central-1 --queue-name-prefix=orders --max-items=1000',
  },
  'aws.ssm_automations': {
    input: { document: 'AWS-RestartEC2Instance' },
    line: 'aws ssm describe-automation-executions --region=eu-central-1 --filters=[{"Key":"DocumentNamePrefix","Values":["AWS-RestartEC2Instance"]}] --max-items=100 --query={AutomationExecutionMetadataList: AutomationExecutionMetadataList[].{AutomationExecutionId: AutomationExecutionId, DocumentName: DocumentName, AutomationExecutionStatus: AutomationExecutionStatus, ExecutionStartTime: ExecutionStartTime, ExecutionEndTime: ExecutionEndTime, ExecutedBy: ExecutedBy, CurrentStepName: CurrentStepName, FailureMessage: FailureMessage}, NextToken: NextToken}',
  },
  'aws.ssm_start_automation': {
    input: {
      document: 'AWS-RestartEC2Instance',
      parameters: { InstanceId: ['i-0123456789abcdef0'] },
      token: '11111111-1111-4111-8111-111111111111',
    },
    line: 'aws ssm start-automation-execution --region=eu-central-1 --document-name=AWS-RestartEC2Instance --parameters={"InstanceId":["i-0123456789abcdef0"]} --client-token=11111111-1111-4111-8111-111111111111',
  },
  'aws.sts_caller_identity': { input: {}, line: 'aws sts get-caller-identity --region=eu-central-1' },
};

/** What the sample site has of it. */
export const sample: SystemSettings['aws'] = {
  account: '123456789012',
  regions: ['eu-central-1', 'eu-west-1'],
  credentials: { from: 'files', ...sampleFiles },
  automations: ['AWS-RestartEC2Instance'],
};
