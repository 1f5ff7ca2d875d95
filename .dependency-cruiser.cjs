/**
 * Imports point one way: bot → workflows → policy → tools; bot → blocks → types of workflows/contracts.
 * swc parses: with TypeScript 7 alone dependency-cruiser reads no .ts file and reports success (tests/boundaries keeps watch).
 */

const isolate = '^workflows/((incident|investigation|change|question)[.]ts$|isolate/|contracts/)';
const tests = '[.]test[.]ts$';
/** What only tests import, and what may use their packages. */
const forTests = '(/|-)(arbitraries|testing|testing-[a-z]+)[.]ts$';

/** Everything that a layer may import: itself, what lies below it, and packages. */
function onlyInto(layer, below) {
  return {
    name: `${layer}-imports-only-below`,
    comment: `${layer} may import ${[layer, ...below].join(', ')}.`,
    severity: 'error',
    from: { path: `^${layer}/` },
    to: { path: '^(bot|workflows|policy|tools|blocks|tests)/', pathNot: `^(${[layer, ...below].join('|')})/` },
  };
}

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A cycle hides which of two modules owns what they share.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'nothing-imports-bot',
      comment: 'bot holds the composition roots.',
      severity: 'error',
      from: { path: '^(workflows|policy|tools|blocks)/' },
      to: { path: '^bot/' },
    },
    onlyInto('tools', []),
    onlyInto('policy', ['tools']),
    onlyInto('workflows', ['policy', 'tools']),
    {
      name: 'blocks-import-contracts-only',
      comment: 'Views are pure functions of data: blocks may import blocks and workflows/contracts.',
      severity: 'error',
      from: { path: '^blocks/' },
      to: { path: '^(bot|workflows|policy|tools|tests)/', pathNot: '^workflows/contracts/' },
    },
    {
      name: 'blocks-import-types-only',
      comment: 'Of the contracts, blocks take the types: a view validates nothing.',
      severity: 'error',
      from: { path: '^blocks/', pathNot: tests },
      to: { path: '^workflows/contracts/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'workflows-import-activity-types-only',
      comment: 'A workflow reaches its activities through a proxy; their code must not get into the bundle.',
      severity: 'error',
      from: { path: isolate },
      to: { path: '^workflows/activities/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'isolate-imports-no-node',
      comment: "Workflow code runs in Temporal's isolate.",
      severity: 'error',
      from: { path: isolate },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'only-run-imports-execa',
      comment: 'One module starts programs: limits, environment and killing are in one place.',
      severity: 'error',
      from: { pathNot: '^tools/run[.]ts$' },
      to: { path: 'node_modules/execa/' },
    },
    {
      name: 'only-providers-import-models',
      comment: 'Nothing reaches a language model past the router: budgets, policy and redaction stand before it.',
      severity: 'error',
      from: { path: '^(bot|workflows|policy|tools|blocks)/', pathNot: '^bot/llm/providers/' },
      to: { path: 'node_modules/(openai|@anthropic-ai)/' },
    },
    {
      name: 'only-the-router-asks-providers',
      comment: 'The router is the only way to a provider.',
      severity: 'error',
      from: { path: '^(bot|workflows|policy|tools|blocks)/', pathNot: ['^bot/llm/', tests] },
      to: { path: '^bot/llm/providers/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'product-imports-no-tests',
      comment: 'What only tests need stays out of the product.',
      severity: 'error',
      from: { path: '^(bot|workflows|policy|tools|blocks)/', pathNot: [tests, forTests] },
      to: { path: `(^tests/|${tests}|${forTests})` },
    },
    {
      name: 'no-dev-packages-in-product',
      comment: 'Production installs leave devDependencies out.',
      severity: 'error',
      from: { path: '^(bot|workflows|policy|tools|blocks)/', pathNot: [tests, forTests] },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'resolvable',
      comment: 'An import that leads nowhere escapes every other rule.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.d.ts', '.json'],
    },
  },
};
