import type { Policy } from '../../policy/decide.ts';
import { judge } from '../../policy/judged.ts';
import { decided } from '../../workflows/decided.ts';
import type { ModelText } from '../../workflows/model.ts';
import type { DecisionStore } from '../../workflows/ports.ts';
import type { Llm } from './settings.ts';

export interface EgressDeps {
  readonly policy: Policy;
  readonly decisions: Pick<DecisionStore, 'record'>;
  readonly rules: Llm['egress'];
  readonly now: () => Date;
}

export interface Passed {
  readonly texts: readonly ModelText[];
  /** Why some may not go, in words. */
  readonly refused: readonly string[];
}

/** Which texts may go to a provider: policy is asked for each class, and every answer is recorded before anything leaves. */
export async function mayLeave(deps: EgressDeps, incidentId: string, provider: string, texts: readonly ModelText[]): Promise<Passed> {
  const { policy, decisions, rules, now } = deps;
  const classes = [...new Set(texts.map(({ dataClass }) => dataClass))];
  const judged = classes.map((dataClass) => ({
    dataClass,
    ...judge(policy, { question: 'llm_egress', nowMs: now().getTime(), provider, dataClass, rules: rules.map((rule) => ({ ...rule })) }),
  }));
  await decisions.record(judged.map((one) => decided(one, { incidentId })));
  const allowed = new Set(judged.filter(({ decision }) => decision.verdict === 'allow').map(({ dataClass }) => dataClass));
  const refused = judged.filter(({ dataClass }) => !allowed.has(dataClass)).flatMap(({ decision }) => decision.reasons);
  return { texts: texts.filter(({ dataClass }) => allowed.has(dataClass)), refused };
}
