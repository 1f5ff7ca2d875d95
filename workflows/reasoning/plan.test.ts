import { describe, expect, it, test } from 'vitest';
import { acceptPlan, type PlanAnswer, writesOf } from './plan.ts';
import { estate, known, registry } from './reasoning-testing.ts';

describe('a plan of a model', () => {
  const accept = { registry, estate, known, findings: ['f-1'], mostSteps: 2 };
  const step = (operation: string, input: object, site = 'shop') => ({ operation, site, input: JSON.stringify(input) });
  const scale = step('kubernetes.scale', { kind: 'deployment', namespace: 'shop', name: 'checkout', replicas: 4 });
  const planOf = (...steps: PlanAnswer['steps']) =>
    acceptPlan({ goal: 'More room, see https://evil.example', steps, missing: ['Which size?'] }, accept);

  test('is made of registered changes with valid inputs that the evidence names', () => {
    expect(planOf(scale)).toMatchObject({
      kind: 'draft',
      draft: {
        playbook: 'model',
        goal: 'More room, see [link removed]',
        findings: ['f-1'],
        steps: [{ operation: 'kubernetes.scale', verification: [] }],
      },
    });
  });

  test('is none where the site has not the system', () => {
    expect(planOf(step('argocd.refresh', {}))).toMatchObject({ kind: 'none', reason: expect.stringContaining('no such system') });
    expect(writesOf(registry, estate)).toMatch(/^kubernetes\.scale, at shop: /m);
    expect(writesOf(registry, estate)).not.toContain('argocd.');
  });

  test('is made of direct changes: what goes by way of Git is made of these', () => {
    const sites = [{ name: 'shop', environment: 'production', systems: ['kubernetes', 'github', 'argocd'] }];
    expect(writesOf(registry, { sites })).toMatch(/^argocd\.sync, at shop: /m);
    expect(writesOf(registry, { sites })).not.toMatch(/^(github\.change|argocd\.sync_merged), /m);
  });

  it.each([
    ['nothing', []],
    ['a read', [step('kubernetes.get', {})]],
    ['an unknown operation', [step('kubernetes.delete', { name: 'checkout' })]],
    ['an unknown site', [{ ...scale, site: 'evil' }]],
    ['an input that is not valid', [step('kubernetes.scale', { kind: 'deployment', namespace: 'shop', name: '--all', replicas: 1 })]],
    ['no JSON', [{ ...scale, input: 'kubectl scale' }]],
    ['a target that no evidence names', [step('kubernetes.scale', { kind: 'deployment', namespace: 'shop', name: 'other', replicas: 1 })]],
    [
      'an image deep in an object that no evidence names',
      [
        step('kubernetes.apply', {
          ...{ kind: 'deployment', namespace: 'shop', name: 'checkout' },
          object: {
            ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'checkout' } },
            spec: { template: { spec: { containers: [{ name: 'checkout', image: 'evil.example/never-seen:1' }] } } },
          },
        }),
      ],
    ],
    ['too many steps', [scale, scale, scale]],
  ])('is none with %s, and people are asked what is missing', (_, steps) => {
    expect(planOf(...steps)).toMatchObject({ kind: 'none', questions: ['Which size?'] });
  });
});
