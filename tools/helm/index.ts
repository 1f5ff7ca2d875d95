import type { AnyOperation } from '../operation.ts';
import { system as defineSystem } from '../system.ts';
import { getHooks, getManifest, getValues } from './get.ts';
import { history } from './history.ts';
import { list } from './list.ts';
import { program } from './program.ts';
import { rollback } from './rollback.ts';
import { status } from './status.ts';
import { test } from './test.ts';
import { uninstall } from './uninstall.ts';
import { upgrade } from './upgrade.ts';

const operations: readonly AnyOperation[] = [getHooks, getManifest, getValues, history, list, rollback, status, test, uninstall, upgrade];

export const system = defineSystem({
  name: 'helm',
  title: 'Helm',
  operations,
  programs: [program],
  secrets: ({ kubeconfig }) => ({ kubeconfigs: kubeconfig === undefined ? [] : [kubeconfig] }),
});
