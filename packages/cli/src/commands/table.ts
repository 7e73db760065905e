/** All commands, in the order of the overview. */
import type { Command } from '../command.ts';
import { align } from './align.ts';
import { doctor } from './doctor.ts';
import { evaluate } from './evaluate.ts';
import { exportCommand } from './export.ts';
import { features } from './features.ts';
import { info } from './info.ts';
import { melody } from './melody.ts';
import { sing } from './sing.ts';

export const commands: readonly Command[] = [sing, melody, features, align, evaluate, info, exportCommand, doctor];
