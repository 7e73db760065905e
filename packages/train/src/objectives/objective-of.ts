import type { Config } from 'alignsts/model';
import { alignstsObjective } from './alignsts.ts';
import { parekhObjective, speechSplitObjective, wuYangObjective } from './baselines.ts';
import { ganObjective } from './gan.ts';
import type { Objective } from './objective.ts';

/** What training the configuration's system means. (The student is distilled from a trained model: see `studentObjective`.) */
export function objectiveOf(config: Config): Objective {
  const { model } = config;
  switch (model.system) {
    case 'alignsts':
      return (config.adversarial.weight > 0 ? ganObjective({ ...config, model }) : alignstsObjective({ ...config, model })) as Objective;
    case 'parekh2020':
      return parekhObjective({ ...config, model }) as Objective;
    case 'speechsplit2':
      return speechSplitObjective({ ...config, model }) as Objective;
    case 'wu-yang-2020':
      return wuYangObjective({ ...config, model }) as Objective;
  }
}
