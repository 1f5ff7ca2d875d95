interface Marked {
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
}

const flux = (kind: string, labels: Readonly<Record<string, string>>, group: string): string | null => {
  const name = labels[`${group}.toolkit.fluxcd.io/name`];
  const namespace = labels[`${group}.toolkit.fluxcd.io/namespace`];
  return name === undefined ? null : `Flux ${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
};

/**
 * What brings an object back to how Git has it, by the marks that Argo CD (tracking by annotation or by its own label) and Flux leave;
 * null: neither has marked it. The label `app.kubernetes.io/instance` says nothing: charts set it too.
 */
export function gitOwnerOf({ labels = {}, annotations = {} }: Marked): string | null {
  const [application] = annotations['argocd.argoproj.io/tracking-id']?.split(':') ?? [];
  const tracked = application ?? labels['argocd.argoproj.io/instance'] ?? annotations['argocd.argoproj.io/instance'];
  if (tracked !== undefined) return `Argo CD application ${tracked}`.slice(0, 300);
  return (flux('kustomization', labels, 'kustomize') ?? flux('Helm release', labels, 'helm'))?.slice(0, 300) ?? null;
}
