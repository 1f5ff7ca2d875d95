import { z } from 'zod';
import { made, missing, ok, paged, pages, type Route, refused } from './gitlab-http.ts';
import { type Job, latestOf, type Pipeline, type Project, statusOf } from './gitlab-state.ts';

const at = '2026-01-02T03:04:05.000Z';

export function pipelineBody(project: Project, { id, sha, ref, source }: Pipeline, url: string) {
  return {
    ...{ id, iid: id, project_id: 42, sha, ref, status: statusOf(project, id), source, created_at: at, updated_at: at },
    web_url: `${url}/-/pipelines/${id}`,
  };
}

const retryable = ['failed', 'canceled'];

export function pipelineRoutes(project: Project, url: string): readonly Route[] {
  const { jobs, pipelines } = project;
  const pipelineOf = (id: string | undefined) => pipelines.find((one) => String(one.id) === id);
  const jobOf = (id: string | undefined) => jobs.find((one) => String(one.id) === id);

  function jobBody({ id, name, status, mayFail, pipeline }: Job) {
    const own = pipelines.find((one) => one.id === pipeline);
    return {
      ...{ id, name, stage: 'test', status, ref: own?.ref ?? '', tag: false, allow_failure: mayFail, created_at: at, started_at: at },
      ...{
        finished_at: null,
        duration: null,
        queued_duration: 1,
        web_url: `${url}/-/jobs/${id}`,
        commit: { id: own?.sha ?? '', title: '' },
      },
      ...(status === 'failed' ? { failure_reason: 'script_failure' } : {}),
      pipeline: { id: pipeline, project_id: 42, ref: own?.ref, sha: own?.sha, status: statusOf(project, pipeline) },
    };
  }

  function again(job: Job): Job {
    job.retried = true;
    const one = { ...job, id: 9001 + jobs.length, status: 'pending', retried: false };
    jobs.push(one);
    return one;
  }

  return [
    {
      method: 'GET',
      path: /^\/pipelines$/,
      query: {
        ...{ ...pages, ref: z.string().optional(), sha: z.string().optional(), name: z.string().optional(), source: z.string().optional() },
        status: z
          .enum([
            'created',
            'waiting_for_resource',
            'preparing',
            'pending',
            'running',
            'success',
            'failed',
            'canceled',
            'skipped',
            'manual',
            'scheduled',
          ])
          .optional(),
        ...{ order_by: z.enum(['id', 'status', 'ref', 'updated_at', 'user_id']).optional(), sort: z.enum(['asc', 'desc']).optional() },
      },
      answer: ({ query }) => {
        const all = pipelines.toReversed().map((one) => pipelineBody(project, one, url));
        const wanted = ['ref', 'sha', 'status'] as const;
        return paged(
          all.filter((one) => wanted.every((field) => query[field] === undefined || query[field] === one[field])),
          query,
        );
      },
    },
    {
      method: 'GET',
      path: /^\/pipelines\/(\d+)$/,
      answer: ({ found: [id] }) => {
        const one = pipelineOf(id);
        if (one === undefined) return refused(404, '404 Not found');
        return ok({
          ...pipelineBody(project, one, url),
          user: { username: 'ann' },
          started_at: at,
          finished_at: null,
          duration: null,
          tag: false,
        });
      },
    },
    {
      method: 'GET',
      path: /^\/pipelines\/(\d+)\/jobs$/,
      query: { ...pages, scope: z.string().optional(), include_retried: z.stringbool().optional() },
      answer: ({ found: [id], query }) =>
        pipelineOf(id) === undefined ? refused(404, '404 Not found') : paged(latestOf(project, Number(id)).map(jobBody), query),
    },
    {
      method: 'POST',
      path: /^\/pipelines\/(\d+)\/retry$/,
      answer: ({ found: [id] }) => {
        const one = pipelineOf(id);
        if (one === undefined) return refused(404, '404 Not found');
        for (const job of latestOf(project, one.id)) if (retryable.includes(job.status)) again(job);
        return made(pipelineBody(project, one, url));
      },
    },
    {
      method: 'GET',
      path: /^\/jobs\/(\d+)$/,
      answer: ({ found: [id] }) => {
        const job = jobOf(id);
        return job === undefined ? missing('Job') : ok(jobBody(job));
      },
    },
    {
      method: 'GET',
      path: /^\/jobs\/(\d+)\/trace$/,
      answer: ({ found: [id] }) => {
        const job = jobOf(id);
        return job === undefined ? missing('Job') : { status: 200, body: job.log, headers: { 'content-type': 'text/plain' } };
      },
    },
    {
      method: 'POST',
      path: /^\/jobs\/(\d+)\/retry$/,
      answer: ({ found: [id] }) => {
        const job = jobOf(id);
        if (job === undefined) return missing('Job');
        if (job.retried || !retryable.includes(job.status)) return refused(403, '403 Forbidden - Job is not retryable');
        return made(jobBody(again(job)));
      },
    },
  ];
}
