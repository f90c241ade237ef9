// muster controllers: the control plane's controllers on any hub: Muster's own in another process, or Karmada's API server.
import { SCHEDULER_NAME } from '../../engine/index.ts';
import { pickControllers, startControlPlane, UnknownController } from '../live/control-plane.ts';
import { CONTROL_PLANE_LEASE, controlPlaneLease } from '../live/control-plane-lease.ts';
import { HttpApi } from '../live/http-api.ts';
import { HttpClient } from '../live/http-client.ts';
import { collectOnceWhenIdle } from '../live/idle-heap.ts';
import { schedulingLease, workWhoeverSchedules } from '../live/scheduling-lease.ts';
import { wallTime } from '../live/wall-time.ts';
import { type Command, CommandError } from '../terminal/command.ts';
import { onInterrupt } from '../terminal/interrupt.ts';
import { hubAddressOf } from './hub-access.ts';
import { memberRateOf, withMemberRateOptions } from './member-rate.ts';
import { observe } from './observing.ts';
import { portsFor, stand, withStandingOptions } from './standing.ts';

export const command: Command = {
  declare: (yargs) =>
    withMemberRateOptions(withStandingOptions(yargs, 'muster'))
      .option('controllers', {
        describe: 'names of the controllers to run, with commas; all if left out',
        type: 'string',
      })
      .epilogue(
        `All controllers work by the Lease ${CONTROL_PLANE_LEASE}, as Karmada's do: this stands by while another has it. Scheduling is left to whoever holds the Lease ${schedulingLease(SCHEDULER_NAME)}, and all else is done beside it.`,
      ),
  run: async (args) => {
    collectOnceWhenIdle();
    const { signal, release } = onInterrupt();
    try {
      const address = await hubAddressOf(args);
      const ports = await portsFor(args.profile);
      const named = args.controllers === undefined ? null : String(args.controllers).split(',');
      pickControllers(ports, named);
      const memberRate = memberRateOf(args);
      const observing = await observe(args, 'controllers');
      const { observer } = observing;
      await stand(args, {
        address,
        name: controlPlaneLease(named),
        observing,
        signal,
        begin: (trace, turn) => ({
          stop: workWhoeverSchedules({
            ports,
            named,
            election: turn,
            schedules: (lease, isScheduling) => observer.leads(lease, isScheduling),
            say: observing.log.say,
            begin: (controllers) => {
              const api = new HttpApi(address, { requested: observer.requested, problem: observing.hubProblem });
              const hub = new HttpClient(api, { now: wallTime(), chance: Math.random });
              const traced = trace !== null && { trace: trace.write };
              const plane = startControlPlane({ hub, controllers, observer, memberRate, ...traced });
              return async () => {
                await plane.stop();
                hub.close();
              };
            },
          }),
        }),
      });
      await observing.close();
      return 130;
    } catch (error) {
      if (error instanceof UnknownController) throw new CommandError(error.message);
      throw error;
    } finally {
      release();
    }
  },
};
