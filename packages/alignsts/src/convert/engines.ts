/** The engines of this package, by name. A new engine is one file in engines/ and one line here. */
import { InputError } from '@alignsts/signal';
import type { EngineName, SingingEngine } from './engine.ts';
import { createModelEngine } from './engines/model.ts';
import { createTemplateEngine } from './engines/template.ts';

const ENGINES: Partial<Record<EngineName, () => SingingEngine>> = { template: createTemplateEngine, model: createModelEngine };

/** @throws InputError when this version has no such engine */
export function createEngine(name: EngineName): SingingEngine {
  const create = ENGINES[name];
  if (create) return create();
  throw new InputError(
    `Engine '${name}' is not in this version, which has ${Object.keys(ENGINES).join(', ') || 'none'}. Choose one of these.`,
  );
}
