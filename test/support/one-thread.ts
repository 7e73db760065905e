/** Imported by tests of small networks: operators this small gain nothing from a second thread, and lose much on a busy machine. */
import { hasTorch, setThreads } from '@alignsts/torch';

if (hasTorch()) setThreads(1);
