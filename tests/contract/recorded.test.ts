import { expect, test } from 'vitest';
import { diagnose } from '../../workflows/diagnosis/diagnose.ts';
import { described, pairs, said } from '../bench/diagnosis/recorded/describe.ts';
import { describedEvents, listedEvents } from '../bench/diagnosis/recorded/events.ts';
import { podOf } from '../bench/diagnosis/recorded/pods.ts';
import { recordedSnapshot } from '../bench/diagnosis/recorded/snapshot.ts';
import { seconds, table } from '../bench/diagnosis/recorded/table.ts';
import { totals } from '../bench/diagnosis/score.ts';
import { predictions } from '../bench/diagnosis/vocabulary.ts';

const at = { observation: 'o', site: 's', namespace: 'shop' };

test('a table is cut at the columns of its header, whatever its cells hold', () => {
  const rows = table('NAME    READY   RESTARTS      AGE\nweb-1   0/1     3 (5m ago)    1h\nweb-2   1/1                   2m\n');
  expect(rows).toEqual([
    { NAME: 'web-1', READY: '0/1', RESTARTS: '3 (5m ago)', AGE: '1h' },
    { NAME: 'web-2', READY: '1/1', RESTARTS: '', AGE: '2m' },
  ]);
  expect(table('Error from server (Forbidden): no')).toEqual([]);
});

test.each([
  ['90s', 90],
  ['2m3s (x4 over 5m)', 123],
  ['1d2h', 93_600],
  ['<unknown>', null],
])('the age %s', (age, expected) => {
  expect(seconds(age)).toBe(expected);
});

const description = `Name:             web-5d9c-x
Namespace:        shop
Node:             worker-1/10.0.0.1
Labels:           app=web
                  pod-template-hash=5d9c
Status:           Running
IP:               10.1.0.1
Controlled By:    ReplicaSet/web-5d9c
Containers:
  app:
    Image:          registry.test/web:1
    State:          Waiting
      Reason:       CrashLoopBackOff
    Last State:     Terminated
      Reason:       OOMKilled
      Exit Code:    137
      Finished:     Thu, 01 Jan 2026 20:00:00 +0800
    Ready:          False
    Restart Count:  3
    Limits:
      memory:  64Mi
Conditions:
  Type    Status
  Ready   False
Events:
  Type     Reason   Age                From     Message
  ----     ------   ----               ----     -------
  Warning  BackOff  2s (x9 over 82s)   kubelet  Back-off restarting failed container
`;

test('a description of a pod is read as the product reads its object', () => {
  expect(pairs(described(description), 'Labels')).toEqual({ app: 'web', 'pod-template-hash': '5d9c' });
  expect(said(described(description), 'IP')).toBe('10.1.0.1');
  expect(podOf(description, 's', 'o')?.pod).toMatchObject({
    name: 'web-5d9c-x',
    node: 'worker-1',
    ready: false,
    owner: { kind: 'ReplicaSet', name: 'web-5d9c' },
    containers: [
      {
        name: 'app',
        restartCount: 3,
        limits: { memory: '64Mi' },
        state: { kind: 'waiting', reason: 'CrashLoopBackOff' },
        lastState: { kind: 'terminated', reason: 'OOMKilled', exitCode: 137, finishedAt: '2026-01-01T12:00:00.000Z' },
      },
    ],
  });
});

test('events of lists and of descriptions say the same', () => {
  const told = { warning: true, reason: 'BackOff', count: 9, age: 2, message: 'Back-off restarting failed container' };
  expect(describedEvents(description, 'pod', 'web-5d9c-x', at)).toEqual([{ ...at, kind: 'pod', name: 'web-5d9c-x', ...told }]);
  const list = `LAST SEEN   TYPE      REASON    OBJECT           MESSAGE\n2s          Warning   BackOff   pod/web-5d9c-x   Back-off restarting failed container\n`;
  expect(listedEvents(list, at)).toEqual([{ ...at, kind: 'pod', name: 'web-5d9c-x', ...told, count: 1 }]);
});

const recording = {
  collection_timestamp: '2026-01-01T20:01:00',
  'DescribeResource:{"resource_type":"pods","name":"web-5d9c-x","namespace":"shop"}': description,
};

test('a recorded failure is predicted in the words of the benchmark; a recording of nothing predicts nothing', () => {
  const found = predictions(diagnose(recordedSnapshot(recording, 'shop')));
  expect(found).toEqual([{ fault_object: 'app/web', root_cause: 'oom_killed' }]);
  expect(predictions(diagnose(recordedSnapshot({}, 'shop')))).toEqual([]);
  expect(recordedSnapshot(recording, 'shop').at.toISOString()).toBe('2026-01-01T12:01:00.000Z');
});

test('a case counts as right when object and cause are, and a prediction about a healthy system is a false alarm', () => {
  const answer = { fault_object: 'app/web', root_cause: 'oom_killed' };
  const one = (name: string, expected: typeof answer | null, ...guesses: (typeof answer)[]) => ({
    case: { name, system: 'a', category: 'b', namespace: 'shop', answer: expected, directory: '' },
    predictions: guesses,
    ms: 1,
  });
  const other = { ...answer, fault_object: 'app/api' };
  const sum = totals([one('1', answer, answer), one('2', answer, other, answer), one('3', null), one('4', null, other)]);
  expect(sum.all).toEqual({ cases: 2, at1: 0.5, at3: 1 });
  expect(sum.healthy).toEqual({ cases: 2, falseAlarms: 1 });
});
