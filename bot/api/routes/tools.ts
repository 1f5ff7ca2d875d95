import { z } from 'zod';
import { OperationName, Tier } from '../../../tools/contract.ts';
import type { AnyOperation } from '../../../tools/operation.ts';
import type { ApiOptions, Routes } from '../context.ts';
import { RunnerState, runnerStates } from './runners.ts';

const Tool = z.object({
  name: OperationName,
  kind: z.enum(['read', 'write']),
  tier: Tier,
  summary: z.string(),
  /** JSON Schema. */
  input: z.record(z.string(), z.unknown()),
  permissions: z.array(z.string()),
  /** Null for reads; else true, or why there is none. */
  dryRun: z.union([z.literal(true), z.string()]).nullable(),
  rollback: z.union([z.literal(true), z.string()]).nullable(),
});
type Tool = z.infer<typeof Tool>;

/** `runners`: those that are there now. One that is not `current` refuses writes. */
export const ToolsAnswer = z.object({ hash: z.string(), items: z.array(Tool), runners: z.array(RunnerState) });

function describe(operation: AnyOperation): Tool {
  const { name, kind, tier, summary, permissions } = operation;
  const input = z.toJSONSchema(operation.input, { io: 'input', unrepresentable: 'any' }) as Record<string, unknown>;
  const common = { name, kind, tier, summary, input, permissions: [...permissions] };
  if (operation.kind === 'read') return { ...common, dryRun: null, rollback: null };
  return { ...common, dryRun: operation.noDryRunReason ?? true, rollback: operation.irreversibleReason ?? true };
}

export function toolRoutes(v1: Routes, options: ApiOptions): void {
  const { registry } = options;
  const items = registry.list().map(describe);
  v1.get(
    '/tools',
    {
      config: { scope: 'read' },
      schema: { summary: 'Every operation that can run, and the runners that run them', response: { 200: ToolsAnswer } },
    },
    async () => ({ hash: registry.hash, items, runners: await runnerStates(options) }),
  );
}
