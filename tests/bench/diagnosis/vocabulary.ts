import type { Finding } from '../../../workflows/contracts/finding.ts';

export interface Prediction {
  readonly fault_object: string;
  readonly root_cause: string;
}

/** The product's words → those of the benchmark. Names that are not in the development slice follow its style, and may be wrong. */
const causes: Readonly<Record<string, string>> = {
  quota_cpu: 'namespace_cpu_quota_exceeded',
  quota_memory: 'namespace_memory_quota_exceeded',
  quota_pods: 'namespace_pod_quota_exceeded',
  quota_services: 'namespace_service_quota_exceeded',
  quota_storage: 'namespace_storage_quota_exceeded',
  service_account_missing: 'missing_service_account',
  container_runtime_down: 'containerd_unavailable',
  kubelet_down: 'kubelet_unavailable',
  node_not_ready: 'kubelet_unavailable',
  kube_proxy_down: 'kube_proxy_unavailable',
  scheduler_down: 'kube_scheduler_unavailable',
  controller_manager_down: 'kube_controller_manager_unavailable',
  network_delay: 'pod_network_delay',
  network_loss: 'pod_network_loss',
  cpu_saturation: 'pod_cpu_overload',
  memory_saturation: 'pod_memory_overload',
  node_network_delay: 'node_network_delay',
  node_network_loss: 'node_network_loss',
  database_connections: 'db_connection_exhaustion',
  database_read_only: 'db_read_only',
  database_credentials: 'mysql_invalid_credentials',
  database_port: 'mysql_invalid_port',
  database_host: 'mysql_invalid_host',
  database_name: 'mysql_invalid_database',
  zero_replicas: 'deployment_zero_replicas',
  liveness_probe_port: 'liveness_probe_incorrect_port',
  liveness_probe_protocol: 'liveness_probe_incorrect_protocol',
  liveness_probe_timing: 'liveness_probe_incorrect_timing',
  readiness_probe_port: 'readiness_probe_incorrect_port',
  readiness_probe_protocol: 'readiness_probe_incorrect_protocol',
  readiness_probe_timing: 'readiness_probe_incorrect_timing',
  liveness_probe_path: 'liveness_probe_incorrect_path',
  readiness_probe_path: 'readiness_probe_incorrect_path',
  startup_probe_port: 'startup_probe_incorrect_port',
  startup_probe_protocol: 'startup_probe_incorrect_protocol',
  startup_probe_timing: 'startup_probe_incorrect_timing',
  // Right port and protocol: of the three mistakes that the benchmark knows, the one that is left.
  liveness_probe_fails: 'liveness_probe_incorrect_timing',
  readiness_probe_fails: 'readiness_probe_incorrect_timing',
  oom_killed: 'oom_killed',
  sidecar_port_conflict: 'service_sidecar_port_conflict',
  port_conflict: 'service_sidecar_port_conflict',
  insufficient_cpu: 'cpu_capacity_mismatch',
  insufficient_memory: 'memory_capacity_mismatch',
  node_affinity_mismatch: 'node_affinity_mismatch',
  node_selector_mismatch: 'node_selector_mismatch',
  node_cordoned: 'node_cordon_mismatch',
  anti_affinity_conflict: 'pod_anti_affinity_conflict',
  untolerated_taint: 'taint_toleration_mismatch',
  volume_capacity_mismatch: 'pvc_capacity_mismatch',
  volume_selector_mismatch: 'pvc_selector_mismatch',
  volume_access_mode_mismatch: 'pvc_access_mode_mismatch',
  volume_class_mismatch: 'pvc_storage_class_mismatch',
  storage_class_missing: 'pvc_storage_class_mismatch',
  volume_taken: 'pv_binding_occupied',
  claim_missing: 'missing_pvc',
  volume_missing: 'pvc_volume_mismatch',
  route_misdirected: 'gateway_misroute',
  ingress_backend_missing: 'gateway_misroute',
  ingress_port_mismatch: 'gateway_misroute',
  dns_misconfigured: 'service_dns_resolution_failure',
  cluster_dns_down: 'service_dns_resolution_failure',
  service_target_port_mismatch: 'service_port_mapping_mismatch',
  service_protocol_mismatch: 'service_protocol_mismatch',
  service_selector_mismatch: 'service_selector_mismatch',
  dependency_address_mismatch: 'service_env_var_address_mismatch',
  image_registry_unresolvable: 'image_registry_dns_failure',
  image_not_found: 'incorrect_image_reference',
  image_unauthorized: 'missing_image_pull_secret',
  secret_missing: 'missing_secret_binding',
  config_map_missing: 'missing_configmap_binding',
  config_key_missing: 'missing_secret_binding',
};

/** The product's words, for those who have to choose one. */
export const causeWords = Object.keys(causes);

export function predictions(findings: readonly Finding[]): readonly Prediction[] {
  const all = findings.map(({ cause, facts, entity: { kind, name } }) => ({
    // A service is named by the application behind it.
    fault_object:
      kind === 'node' || kind === 'namespace' ? `${kind}/${name}` : `app/${kind === 'service' ? (facts['workload'] ?? name) : name}`,
    root_cause: causes[cause] ?? cause,
  }));
  return [...new Map(all.map((one) => [`${one.fault_object} ${one.root_cause}`, one])).values()];
}
