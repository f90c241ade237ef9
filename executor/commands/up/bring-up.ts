// Brings up what `muster up` is asked for, and keeps it up: a hub, the control plane's controllers, and members.
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { makeFolder } from '../../files/folder.ts';
import { tokenAddress } from '../../live/address.ts';
import { pickControllers, startControlPlane, UnknownController } from '../../live/control-plane.ts';
import { CONTROL_PLANE_LEASE } from '../../live/control-plane-lease.ts';
import { HttpApi } from '../../live/http-api.ts';
import { collectOnceWhenIdle } from '../../live/idle-heap.ts';
import { JoinError } from '../../live/join.ts';
import { elect } from '../../live/lease.ts';
import { workWhoeverSchedules } from '../../live/scheduling-lease.ts';
import { openTraceFile } from '../../live/trace-file.ts';
import { kindImagesIn } from '../../members/kind-images.ts';
import { ApiUnreadable, MemberError } from '../../members/member.ts';
import { readMembers } from '../../members/wanted.ts';
import { type Arguments, CommandError } from '../../terminal/command.ts';
import { readPort } from '../listening.ts';
import { memberRateOf } from '../member-rate.ts';
import { observe } from '../observing.ts';
import { LEADS_NO_LONGER, portsFor } from '../standing.ts';
import { addContexts, type NamedAccess, refuseOtherThanKubeconfig, removeContexts } from './kubeconfig-file.ts';
import { startLocalHub } from './local-hub.ts';
import { Members } from './members.ts';
import { forgetIn, kubeconfigIn, kubectlWords, refuseSecondIn, rememberIn, tidyIn } from './state.ts';

const TOKEN_FILE = 'metrics.token';

const EXPECTED = [MemberError, ApiUnreadable, JoinError, UnknownController];

/** Until the signal. */
export async function bringUp(args: Arguments, signal: AbortSignal): Promise<void> {
  collectOnceWhenIdle();
  try {
    await stayUp(args, signal);
  } catch (error) {
    if (EXPECTED.some((kind) => error instanceof kind)) throw new CommandError((error as Error).message);
    throw error;
  }
}

async function stayUp(args: Arguments, signal: AbortSignal): Promise<void> {
  const folder = String(args.dir);
  const reading = readMembers(String(args.members));
  if (!reading.ok) throw new CommandError(reading.problem);
  const hasKind = reading.members.some(({ kind }) => kind === 'kind');
  const images = kindImagesIn(args, hasKind, '--members kind:N');
  const port = readPort(args.port, '--port');
  await refuseSecondIn(folder);
  await makeFolder(folder);
  await tidyIn(folder);
  const file = resolve(typeof args['kubeconfig-out'] === 'string' ? args['kubeconfig-out'] : kubeconfigIn(folder));
  await refuseOtherThanKubeconfig(file);
  const ports = await portsFor(args.profile);
  const named = args.controllers === undefined ? null : String(args.controllers).split(',');
  pickControllers(ports, named);
  const memberRate = memberRateOf(args);
  const { log, observer, close } = await observe(args, 'up', join(folder, TOKEN_FILE));
  const { say } = log;
  const ends: (() => Promise<unknown>)[] = [close];
  try {
    const hub = await startLocalHub({ storage: String(args.storage), port, profile: ports.profile, say });
    ends.push(() => hub.close());
    const hubApi = new HttpApi(tokenAddress(hub.access));
    ends.push(async () => hubApi.close());
    const kubeconfig = typeof args.kubeconfig === 'string' ? args.kubeconfig : null;
    const members = new Members({
      hub: hubApi,
      folder: resolve(folder),
      kubeconfig,
      images,
      say,
    });
    ends.push(() => members.close());
    const trace = typeof args.trace === 'string' ? openTraceFile(args.trace, String(args.profile), say) : null;
    if (trace !== null) ends.push(() => trace.close());
    const watched = { observer, memberRate, ...(trace !== null && { trace: trace.write }) };
    let isEnding = false;
    const turn = { api: hub.api, identity: `${hostname()}_${randomUUID()}`, chance: Math.random };
    const election = elect({
      ...turn,
      name: CONTROL_PLANE_LEASE,
      onLeader: (leader) => say(`stands by: ${leader} leads, or did until now, by the Lease ${CONTROL_PLANE_LEASE}`),
      lead: (departed) => {
        observer.leads(CONTROL_PLANE_LEASE, true);
        const stop = workWhoeverSchedules({
          ports,
          named,
          election: { ...turn, departed },
          schedules: (lease, isScheduling) => observer.leads(lease, isScheduling),
          say,
          begin: (controllers) => startControlPlane({ hub: hub.client, controllers, ...watched }).stop,
        });
        return async () => {
          if (!isEnding) say(LEADS_NO_LONGER);
          await stop();
          observer.leads(CONTROL_PLANE_LEASE, false);
        };
      },
    });
    ends.push(() => {
      isEnding = true;
      return election.stop();
    });
    await members.start(reading.members);
    const note = async (): Promise<readonly NamedAccess[]> => {
      const all: NamedAccess[] = [{ ...hub.access, name: 'hub' }, ...members.accesses()];
      await addContexts(file, all);
      const contexts = all.map(({ name, server }) => ({ name, server }));
      await rememberIn(folder, { kubeconfig: file, contexts, members: members.states() });
      return all;
    };
    const all = await note();
    ends.push(async () => {
      // Members have to end whatever has become of that file.
      await removeContexts(file, all).catch((error: Error) => say(error.message));
      await forgetIn(folder);
    });
    const reviving = (): void => void revive(members, note, say);
    process.on('SIGHUP', reviving);
    ends.push(async () => void process.off('SIGHUP', reviving));
    say(`the hub serves ${hub.access.server}, objects in ${hub.storage}`);
    for (const { name } of all) say(kubectlWords(file, name));
    say(`ready; Ctrl-C ends it`);
    if (!signal.aborted) await new Promise((done) => signal.addEventListener('abort', done, { once: true }));
    say('stopping');
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

async function revive(members: Members, note: () => Promise<unknown>, say: (text: string) => void): Promise<void> {
  try {
    const revived = await members.revive();
    await note();
    for (const name of revived) say(`${name} is back, with nothing in it`);
  } catch (error) {
    say(`a member could not be revived: ${error instanceof Error ? error.message : String(error)}`);
  }
}
