import { createTerminal } from './cli/out.ts';
import { runCli } from './cli/program.ts';
import { createScreen } from './cli/screen.ts';
import { wantsColor } from './cli/style.ts';
import { readSettings } from './config.ts';

const color = wantsColor(readSettings().given, process.stdout.isTTY);
process.exitCode = await runCli(process.argv.slice(2), createTerminal(color), undefined, () => createScreen(color));
