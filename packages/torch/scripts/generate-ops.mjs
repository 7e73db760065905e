// Writes src/generated/ops.ts: a typed function for each operator of operators.mjs, from the schemas that libtorch itself declares.
//   node packages/torch/scripts/generate-ops.mjs [TORCH_HOME …]
// With several libtorch folders the result is what they have in common: an argument that one of them lacks is left out, and an operator that
// one of them lacks says from which version on it is there. Without folders, the libtorch that is found serves alone.
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { operators } from './operators.mjs';

const here = fileURLToPath(import.meta.url);
const names = [...new Set(operators.flatMap(({ op }) => op))];

if (process.argv[2] === '--dump') {
  process.stdout.write(`${JSON.stringify(dump())}\n`);
} else {
  const homes = process.argv.slice(2);
  const dumps = (homes.length > 0 ? homes : [undefined]).map((home) => {
    const env = home ? { ...process.env, TORCH_HOME: home } : process.env;
    return JSON.parse(execFileSync(process.execPath, [here, '--dump'], { env, encoding: 'utf8', maxBuffer: 1 << 26 }));
  });
  dumps.sort((a, b) => compareVersions(a.version, b.version));
  const text = generate(dumps);
  const target = fileURLToPath(new URL('../src/generated/ops.ts', import.meta.url));
  writeFileSync(target, text);
  process.stderr.write(`${target}: ${operators.length} operators from libtorch ${dumps.map(({ version }) => version).join(', ')}\n`);
}

function dump() {
  const build = fileURLToPath(new URL('../native/build.mjs', import.meta.url));
  const report = JSON.parse(spawnSync(process.execPath, [build], { encoding: 'utf8' }).stdout);
  if (!report.addon) throw new Error(JSON.stringify(report));
  const native = createRequire(import.meta.url)(report.addon);
  const schemas = {};
  for (const name of names) {
    const id = native.lookup(name);
    if (id !== null) schemas[name] = native.schema(id);
  }
  return { version: native.build().version, schemas };
}

function compareVersions(a, b) {
  const [x, y] = [a, b].map((text) => text.split('.').map(Number));
  return x[0] - y[0] || x[1] - y[1] || x[2] - y[2];
}

function generate(dumps) {
  const parts = [
    '// Made by scripts/generate-ops.mjs from the schemas of libtorch ' +
      dumps.map(({ version }) => version).join(' and ') +
      '. Do not edit: add to scripts/operators.mjs.',
    '',
    "import { op } from '../call.ts';",
    "import type { Device, DType, MemoryFormat, Scalar } from '../dtype.ts';",
    "import type { Generator } from '../random.ts';",
    "import { type Reduction, reductionCode } from '../reduction.ts';",
    "import { Tensor } from '../tensor.ts';",
    '',
  ];
  for (const entry of operators) parts.push(functionOf(entry, dumps), '');
  return parts.join('\n');
}

function functionOf(entry, dumps) {
  const overloads = [entry.op].flat().map((name) => commonSchema(name, dumps));
  const [first, second] = overloads;
  const name = entry.as ?? functionName(first.name);
  const merged = first.arguments.map((argument, i) => {
    const other = second?.arguments[i];
    if (!other) return { ...argument, ts: typeOf(argument) };
    if (other.name !== argument.name) throw new Error(`${first.name} and ${second.name} differ in the name of argument ${i}`);
    const types = new Set([...typeOf(argument).split(' | '), ...typeOf(other).split(' | ')]);
    return {
      ...argument,
      default: argument.default ?? other.default,
      ts: [...types].join(' | '),
      choosing: typeOf(other) !== typeOf(argument),
    };
  });
  const arguments_ = merged
    .filter(({ type }) => type !== 'Layout' && type !== 'Layout?')
    .map((argument) => ({ ...argument, js: camel(argument.name) }));

  // outside the options object: what has no default, then tensors that may be left out, and what the entry asks for
  let positional = 0;
  while (positional < arguments_.length) {
    const { keywordOnly, type } = arguments_[positional];
    const wanted = positional < (entry.positional ?? 0);
    if (keywordOnly || (isOptional(arguments_[positional]) && !wanted && type !== 'Tensor?')) break;
    positional++;
  }
  const options = arguments_.slice(positional);
  const parameters = arguments_.slice(0, positional).map((argument, i) => {
    const mayEnd = arguments_.slice(i, positional).every(isOptional);
    return `${argument.js}${mayEnd ? '?' : ''}: ${argument.ts}${mayEnd ? ' | undefined' : ''}`;
  });
  if (options.length > 0) {
    const fields = options.map(({ js, ts }) => `${js}?: ${ts} | undefined`).join('; ');
    const pattern = options.map(({ js }) => (entry.defaults?.[js] ? `${js} = ${entry.defaults[js]}` : js)).join(', ');
    const allOptional = options.every(isOptional);
    parameters.push(`{ ${pattern} }: { ${fields} }${allOptional ? ' = {}' : ''}`);
  }

  const passed = merged.map(({ name: argument, type, default: standard }) => {
    if (type.startsWith('Layout')) return 'undefined';
    // an argument without a default that may be None
    if (argument === 'reduction' && type === 'int') return 'reductionCode(reduction)';
    return standard === null && type.endsWith('?') ? `${camel(argument)} ?? null` : camel(argument);
  });
  while (passed.at(-1) === 'undefined') passed.pop();
  const result = resultOf(first.returns);
  const operators_ = overloads.map((overload, i) => `const ${name}Op${i || ''} = op('${overload.name}');`);
  const callOf = (i) => `${name}Op${i || ''}(${passed.join(', ')})`;
  let chosen = callOf(0);
  if (second) {
    const tests = merged.filter(({ choosing }) => choosing).map((argument) => `${camel(argument.name)} instanceof Tensor`);
    chosen = `(${tests.join(' || ')} ? ${callOf(0)} : ${callOf(1)})`;
  }
  const lines = [
    ...operators_,
    `/** ${[...overloads.map(({ text }) => text), ...availability(overloads, dumps)].join(' · ')} */`,
    `export function ${name}(${parameters.join(', ')}): ${result.type} {`,
    ...result.body(chosen),
    '}',
  ];
  return lines.join('\n');
}

/** One schema that holds for every libtorch: arguments up to the first position where two versions disagree. */
function commonSchema(name, dumps) {
  const having = dumps.filter(({ schemas }) => schemas[name]);
  if (having.length === 0) throw new Error(`no libtorch has ${name}`);
  const newest = having.at(-1).schemas[name];
  const all = having.map(({ schemas }) => schemas[name]);
  const common = [];
  for (const [i, argument] of newest.arguments.entries()) {
    if (!all.every((schema) => schema.arguments[i]?.name === argument.name)) break;
    const types = new Set(all.map((schema) => schema.arguments[i].type));
    // int? became Scalar? in later versions: the narrower holds in both
    const type = types.has('int?') ? 'int?' : types.has('int') ? 'int' : [...types][0];
    common.push({ ...argument, type: type.replaceAll('SymInt', 'int') });
  }
  return { name, text: newest.text.replaceAll('*/', '* /'), arguments: common, returns: newest.returns, since: having[0].version };
}

function availability(overloads, dumps) {
  const oldest = dumps[0].version;
  const late = overloads.filter(({ since }) => since !== oldest);
  return late.length > 0 ? [`not in libtorch ${oldest}`] : [];
}

function isOptional({ default: standard, type }) {
  return standard !== null || type.endsWith('?');
}

function typeOf({ name, type, length }) {
  if (name === 'reduction' && type === 'int') return 'Reduction';
  const optional = type.endsWith('?');
  const inner = optional ? type.slice(0, -1) : type;
  const known = {
    Tensor: 'Tensor',
    Scalar: 'Scalar',
    number: 'Scalar',
    int: 'number',
    float: 'number',
    bool: 'boolean',
    str: 'string',
    ScalarType: 'DType',
    Device: 'Device',
    MemoryFormat: 'MemoryFormat',
    Generator: 'Generator',
    Layout: 'string',
  };
  let ts = known[inner];
  if (!ts && inner.endsWith('[]')) {
    const element = inner.slice(0, -2);
    const elementType = element.endsWith('?') ? `(${known[element.slice(0, -1)]} | null)` : known[element];
    ts = `readonly ${elementType}[]`;
    if (length !== null && (element === 'int' || element === 'float')) ts = `number | ${ts}`;
  }
  if (!ts || ts.includes('undefined')) throw new Error(`no TypeScript type for ${type}`);
  return optional ? `${ts} | null` : ts;
}

function resultOf(returns) {
  if (returns.length === 0) {
    return { type: 'void', body: (call) => [`  ${call};`] };
  }
  const types = returns.map(({ type }) => {
    const ts = { Tensor: 'Tensor', 'Tensor[]': 'Tensor[]', bool: 'boolean', int: 'number', float: 'number', number: 'number' }[type];
    if (!ts) throw new Error(`no TypeScript type for the result ${type}`);
    return ts;
  });
  if (types.length === 1) return { type: types[0], body: (call) => [`  return ${call} as ${types[0]};`] };
  // results that the schema names are returned by name
  if (returns.every(({ name }) => name && !/^\d/.test(name))) {
    const fields = returns.map(({ name }, i) => `${camel(name)}: ${types[i]}`).join('; ');
    const list = returns.map(({ name }) => camel(name)).join(', ');
    return {
      type: `{ ${fields} }`,
      body: (call) => [`  const [${list}] = ${call} as [${types.join(', ')}];`, `  return { ${list} };`],
    };
  }
  return { type: `[${types.join(', ')}]`, body: (call) => [`  return ${call} as [${types.join(', ')}];`] };
}

function functionName(operator) {
  return camel(operator.slice('aten::'.length).split('.')[0]);
}

/** conv_transpose1d → convTranspose1d, _foreach_add_ → foreachAdd_: an underscore at the end means in place and stays. */
function camel(text) {
  const inPlace = text.endsWith('_') ? '_' : '';
  return text.replace(/^_+|_+$/g, '').replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase()) + inPlace;
}
