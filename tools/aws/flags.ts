import type { Flags } from '../testing/flags.ts';

export const flags: Flags = {
  program: 'aws',
  allowed: [
    ...['region', 'max-items', 'query', 'filters', 'filter', 'instance-ids', 'include-all-instances', 'dry-run'],
    ...['auto-scaling-group-names', 'auto-scaling-group-name', 'desired-capacity', 'load-balancer-arn'],
    ...['target-group-arn', 'cluster', 'service', 'services', 'service-name', 'desired-status', 'tasks'],
    ...['task-definition', 'force-new-deployment', 'name', 'cluster-name', 'nodegroup-name', 'function-name'],
    ...['function-version', 'revision-id', 'db-instance-identifier', 'db-cluster-identifier'],
    ...['target-db-instance-identifier', 'source-identifier', 'source-type', 'start-time', 'end-time', 'table-name'],
    ...['queue-name-prefix', 'queue-name', 'queue-url', 'attribute-names', 'bucket', 'namespace', 'metric-name'],
    ...['dimensions', 'statistics', 'period', 'alarm-types', 'alarm-names', 'alarm-name-prefix', 'state-value'],
    ...['log-group-name-pattern', 'log-group-names', 'query-string', 'query-id', 'limit', 'lookup-attributes'],
    ...['service-code', 'quota-code', 'hosted-zone-id', 'certificate-arn', 'document-name', 'parameters'],
    ...['client-token'],
  ],
  refused: [
    ...['endpoint-url', 'profile', 'debug', 'no-verify-ssl', 'no-sign-request', 'ca-bundle', 'cli-input-json'],
    ...['cli-input-yaml', 'output', 'cli-auto-prompt', 'cli-binary-format', 'generate-cli-skeleton', 'starting-token'],
    ...['user-data', 'policy', 'role-arn', 'zip-file'],
  ],
};
