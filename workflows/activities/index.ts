import type { WorkerActivities } from '../contracts/activities.ts';
import { createAnalyzeActivities } from './analyze.ts';
import type { Deps } from './deps.ts';
import { createExecuteActivities } from './execute.ts';
import { permanentFailures } from './failures.ts';
import { createLookActivities } from './look.ts';
import { createPlanActivities } from './plan.ts';
import { createReasonActivities } from './reason.ts';
import { createReportActivities } from './report.ts';
import { createScope } from './scope.ts';

/** The worker's activities over its ports. */
export function createWorkerActivities(deps: Deps): WorkerActivities {
  return permanentFailures({
    scope: createScope(deps),
    ...createAnalyzeActivities(deps),
    callOwn: (call) => deps.callOwn(call),
    ...createLookActivities(deps),
    ...createReasonActivities(deps),
    ...createPlanActivities(deps),
    ...createExecuteActivities(deps),
    ...createReportActivities(deps),
  });
}
