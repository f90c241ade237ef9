#!/usr/bin/env node
// Assembles the commands; each lives beside what it does and loads only when it is asked for.
import * as node from 'node:module';
import type { CommandEntry } from './executor/terminal/command.ts';
import { runCommandLine } from './executor/terminal/command-line.ts';

const commands: readonly CommandEntry[] = [
  {
    usage: 'bench <name>',
    describe: 'how fast and how well: schedule, replay, hub, live',
    isSeveral: true,
    load: async (words) => (await import('./bench/benches.ts')).loadBench(words),
  },

  {
    usage: 'schedule',
    describe: 'decide JSON-lines cases, one line of decision out for each line in',
    load: () => import('./executor/commands/schedule.ts'),
  },
  {
    usage: 'plan',
    describe: 'what manifests and policies become on a fleet',
    load: () => import('./executor/commands/plan.ts'),
  },
  {
    usage: 'diff <old> <new>',
    describe: 'what moves, and what it risks, between two plans or two sets of manifests',
    load: () => import('./executor/commands/diff.ts'),
  },
  {
    usage: 'apply [plan]',
    describe: 'carry a plan out on a live hub',
    load: () => import('./executor/commands/apply.ts'),
  },
  {
    usage: 'explain <workload>',
    describe: 'why each cluster was or was not chosen for a workload, and what would change it',
    load: () => import('./executor/commands/explain.ts'),
  },
  {
    usage: 'demo',
    describe: 'a first look: two workloads on six clusters',
    load: () => import('./executor/commands/demo.ts'),
  },
  {
    usage: 'evaluate',
    describe: 'answer JSON-lines cases of matching, overriding and interpreting',
    load: () => import('./executor/commands/evaluate.ts'),
  },
  {
    usage: 'audit',
    describe:
      'lose every cluster, zone, region and provider in turn: what goes down, for how long, what room is missing',
    load: () => import('./scenarios/audit/command.ts'),
  },
  {
    usage: 'replay [scenario]',
    describe: 'play a scenario in virtual time, and judge what was expected of it',
    load: () => import('./scenarios/replay/command.ts'),
  },
  {
    usage: 'sweep <scenario>',
    describe: 'play a scenario with many seeds and parameter values, on all cores or one shard of them',
    load: () => import('./scenarios/sweep/command.ts'),
  },
  {
    usage: 'swarm',
    describe: 'random fleets, policies and faults against the control plane: looks for broken rules',
    load: () => import('./scenarios/swarm/command.ts'),
  },
  {
    usage: 'merge [runs..]',
    describe: 'put the shards of a sweep together',
    load: () => import('./scenarios/sweep/merge-command.ts'),
  },
  {
    usage: 'scenario-schema',
    describe: 'the JSON Schema of scenario files, for editors',
    load: () => import('./scenarios/schema-command.ts'),
  },
  {
    usage: 'hub',
    describe: "the control plane's own Kubernetes API",
    load: () => import('./executor/commands/hub.ts'),
  },
  {
    usage: 'record',
    describe: 'what a live hub has, as files for plan, audit and replay',
    load: () => import('./executor/commands/record.ts'),
  },
  {
    usage: 'get <kind> [names..]',
    describe: 'objects of many clusters in one table',
    load: () => import('./executor/commands/get.ts'),
  },
  {
    usage: 'describe <kind> [names..]',
    describe: 'everything about objects of many clusters, and what happened to them',
    load: () => import('./executor/commands/describe.ts'),
  },
  {
    usage: 'logs [pod]',
    describe: 'what pods in any members have written',
    load: () => import('./executor/commands/logs.ts'),
  },
  {
    usage: 'exec <pod>',
    describe: 'run a command in a pod of any member',
    load: () => import('./executor/commands/exec.ts'),
  },
  {
    usage: 'top <what> [name]',
    describe: 'what nodes and pods of many clusters use',
    load: () => import('./executor/commands/top.ts'),
  },
  {
    usage: 'chaos <act> <member>',
    describe: 'kill, pause, resume or revive a member of what is up',
    load: () => import('./executor/commands/chaos.ts'),
  },
  {
    usage: 'register <name>',
    describe: 'make a cluster a member that pulls: the hub never has to reach it',
    load: () => import('./executor/commands/register.ts'),
  },
  {
    usage: 'token <act> [token]',
    describe: 'bootstrap tokens, with which clusters register that the hub does not know yet',
    load: () => import('./executor/commands/token.ts'),
  },
  {
    usage: 'agent <name>',
    describe: 'beside a cluster that pulls: apply what it is to run, tell the hub how it is',
    load: () => import('./executor/commands/agent.ts'),
  },
  {
    usage: 'controllers',
    describe: 'the controllers alone, on the API of a hub that is there',
    load: () => import('./executor/commands/controllers.ts'),
  },
  {
    usage: 'scheduler',
    describe: 'the scheduler alone, on a control plane that is there; as a shadow it only says what it would decide',
    load: () => import('./executor/commands/scheduler.ts'),
  },
  {
    usage: 'up',
    describe: 'a hub, its controllers and member clusters, from nothing',
    load: () => import('./executor/commands/up.ts'),
  },
  {
    usage: 'down',
    describe: 'end what up started',
    load: () => import('./executor/commands/down.ts'),
  },
  {
    usage: 'status [what]',
    describe: 'how the clusters of the fleet are, and what they were sent',
    load: () => import('./executor/commands/status.ts'),
  },
  {
    usage: 'rollout <act> [name]',
    describe: 'how far staged rollouts are; approve, abort or retry one',
    load: () => import('./executor/commands/rollout.ts'),
  },
  {
    usage: 'join <name>',
    describe: 'make a cluster a member of the fleet',
    load: () => import('./executor/commands/join.ts'),
  },
  {
    usage: 'unjoin <name>',
    describe: 'take a cluster out of the fleet',
    load: () => import('./executor/commands/unjoin.ts'),
  },
  {
    usage: 'cordon <cluster>',
    describe: 'schedule nothing more to a cluster',
    load: () => import('./executor/commands/cordon.ts'),
  },
  {
    usage: 'uncordon <cluster>',
    describe: 'schedule to a cluster again',
    load: () => import('./executor/commands/uncordon.ts'),
  },
  {
    usage: 'taint <cluster> <taints..>',
    describe: 'add taints to a cluster, or remove them',
    load: () => import('./executor/commands/taint.ts'),
  },
  {
    usage: 'drain <cluster>',
    describe: 'move everything off a cluster, and wait until it is empty',
    load: () => import('./executor/commands/drain.ts'),
  },
  {
    usage: 'promote <kind> [name]',
    describe: 'let the hub take over what a member has, without its pods being started anew',
    load: () => import('./executor/commands/promote.ts'),
  },
  {
    usage: 'migrate [kind] [name]',
    describe: 'move an application from one cluster to another, never absent from both',
    load: () => import('./executor/commands/migrate.ts'),
  },
  {
    usage: 'clone [kind] [name]',
    describe: 'give an application a copy in one more cluster',
    load: () => import('./executor/commands/clone.ts'),
  },
  {
    usage: 'backup',
    describe: 'everything that a hub keeps, in one file',
    load: () => import('./executor/commands/backup.ts'),
  },
  {
    usage: 'restore <file>',
    describe: "fill a hub's empty storage from a backup",
    load: () => import('./executor/commands/restore.ts'),
  },
];

// Newer Nodes keep what they have compiled.
(node as { enableCompileCache?: () => unknown }).enableCompileCache?.();
process.exitCode = await runCommandLine(commands, process.argv.slice(2));
