import type { Finding } from '../../contracts/finding.ts';
import { finding } from '../build.ts';
import { eventsAbout } from '../look.ts';
import type { SeenCronJob, SeenJob } from '../model/workload.ts';
import type { Snapshot } from '../snapshot.ts';

/** Jobs of a cron job are called after their time: `backup-29441280`. */
const scheduled = /^(.+)-(\d{6,})$/;

/** A later job of the same cron job succeeded: what failed is past. */
function madeUpFor(snapshot: Snapshot, job: SeenJob): boolean {
  const [, base, time] = scheduled.exec(job.name) ?? [];
  if (base === undefined) return false;
  return snapshot.jobs.some((other) => {
    const [, same, later] = scheduled.exec(other.name) ?? [];
    const here = other.site === job.site && other.namespace === job.namespace && same === base;
    return here && other.succeeded > 0 && other.failure === null && Number(later) > Number(time);
  });
}

function failed(snapshot: Snapshot, job: SeenJob): Finding[] {
  if (job.failure === null || madeUpFor(snapshot, job)) return [];
  return [
    finding({
      analyzer: 'batch',
      cause: job.failure.reason === 'DeadlineExceeded' ? 'job_deadline_exceeded' : 'job_failed',
      entity: { site: job.site, kind: 'job', namespace: job.namespace, name: job.name },
      title: `The job ${job.name} failed`,
      mechanism: `The job is not tried again: ${job.failure.reason}. ${job.failure.message}`,
      refutedBy: 'A later job of the same kind succeeded.',
      confidence: 0.8,
      evidence: [[job, `${job.failed} of its pods failed: ${job.failure.reason} ${job.failure.message}`]],
    }),
  ];
}

const field = '(\\*|\\?|[0-9A-Za-z]+(-[0-9A-Za-z]+)?)(/\\d+)?(,(\\*|\\?|[0-9A-Za-z]+(-[0-9A-Za-z]+)?)(/\\d+)?)*';
const cron = new RegExp(
  `^((TZ|CRON_TZ)=\\S+\\s+)?(@(yearly|annually|monthly|weekly|daily|midnight|hourly)|@every \\S+|${field}(\\s+${field}){4})$`,
);

function schedule(snapshot: Snapshot, job: SeenCronJob): Finding[] {
  const late = eventsAbout(snapshot, job.site, 'cronjob', job.namespace, job.name).find(({ reason }) =>
    /TooManyMissed|FailedNeedsStart|MissSchedule/.test(reason),
  );
  const invalid = !cron.test(job.schedule.trim());
  if (job.suspended || (!invalid && late === undefined)) return [];
  return [
    finding({
      analyzer: 'batch',
      cause: invalid ? 'cron_job_schedule_invalid' : 'cron_job_missed',
      entity: { site: job.site, kind: 'cronjob', namespace: job.namespace, name: job.name },
      title: `The cron job ${job.name} ${invalid ? 'has a schedule that cannot be read' : 'misses its times'}`,
      mechanism: invalid
        ? `No job is ever made of the schedule ${job.schedule}.`
        : `Its jobs are not started in time: ${late?.message ?? ''}`,
      refutedBy: 'It made a job at its last time.',
      confidence: invalid ? 0.9 : 0.8,
      evidence: [[job, `schedule ${job.schedule}`], ...(late === undefined ? [] : [[late, late.message] as const])],
    }),
  ];
}

/** Jobs that failed, and cron jobs that make none. */
export function batch(snapshot: Snapshot): readonly Finding[] {
  return [...snapshot.jobs.flatMap((job) => failed(snapshot, job)), ...snapshot.cronJobs.flatMap((job) => schedule(snapshot, job))];
}
