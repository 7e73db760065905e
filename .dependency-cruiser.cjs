/** The arrows of design.md: signal <- alignsts <- train, cli, studio; torch <- train; nothing points outward, nothing circles. */
const outward = (name, from, to, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from, pathNot: '\\.test\\.ts$' },
  to: { path: to },
});

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    outward('signal-is-innermost', '^packages/signal/src', '^packages/(?!signal/)', 'signal knows no other package'),
    outward('torch-knows-no-audio', '^packages/torch/src', '^packages/(?!torch/)', 'torch knows no other package'),
    outward(
      'alignsts-imports-signal-only',
      '^packages/alignsts/src',
      '^packages/(?!alignsts/|signal/)',
      'the paper stands on signal alone',
    ),
    outward(
      'cli-and-studio-are-outermost',
      '^packages/(signal|torch|alignsts|train)/src',
      '^packages/(cli|studio)/',
      'products are imported by nobody',
    ),
    outward(
      'no-node-in-pure-packages',
      '^packages/(signal|alignsts)/src/(?!onnx/node)',
      '^(node:)?(fs|path|os|url|child_process|worker_threads|crypto)(/|$)',
      'pure packages run in a browser',
    ),
    outward(
      'model-imports-ops-only',
      '^packages/alignsts/src/(model|losses)/',
      '^packages/(?!alignsts/src/(model|losses|config)|signal/src/(index|random|input-error))',
      'networks are functions of Ops, configuration and random numbers alone',
    ),
    outward(
      'convert-runs-graphs-only-through-the-port',
      '^packages/alignsts/src/convert/',
      'onnxruntime',
      'hosts are adapters behind the ONNX port',
    ),
    {
      name: 'no-tests-in-products',
      severity: 'error',
      from: { path: '^packages/[^/]+/src', pathNot: '\\.test\\.ts$' },
      to: { path: '\\.test\\.ts$|^test/' },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|build)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
