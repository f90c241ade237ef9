// muster register HOST:PORT --token: a cluster registers itself with a hub that it has no kubeconfig of.
import { DiscoveryError } from '../live/bootstrap/discover.ts';
import { registerByToken } from '../live/bootstrap/register-by-token.ts';
import { readBootstrapToken } from '../live/bootstrap/token.ts';
import { HttpApi } from '../live/http-api.ts';
import { clusterNameIn, contextAddress } from '../members/kubeconfig.ts';
import { type Arguments, CommandError } from '../terminal/command.ts';
import { parseDuration } from '../terminal/duration.ts';
import { writeAgentKubeconfig } from './agent-kubeconfig.ts';
import { agentWords, specOf, textOrNull } from './register-words.ts';

const SHORTEST_SECONDS = 600;

export async function registeredByToken(args: Arguments): Promise<0> {
  const server = serverIn(String(args.name));
  const token = readBootstrapToken(String(args.token));
  if (token === null)
    throw new CommandError('--token wants what "muster token create" printed: abcdef.0123456789abcdef');
  const choice = { file: textOrNull(args['cluster-kubeconfig']), context: textOrNull(args['cluster-context']) };
  const cluster = textOrNull(args['cluster-name']) ?? (await clusterNameIn(choice));
  const member = new HttpApi(await contextAddress(choice));
  try {
    const { authority, proof } = await registerByToken({
      cluster,
      spec: specOf(args),
      server,
      token,
      pins: pinsIn(args),
      member,
      seconds: secondsIn(args),
      waitMs: waitIn(args),
      dryRun: args['dry-run'] === true,
      onWait: (request) =>
        process.stderr.write(`register: waits for somebody to approve: kubectl certificate approve ${request}\n`),
    });
    if (proof === null) {
      process.stdout.write(`cluster(${cluster}) would register (dry run)\n`);
      return 0;
    }
    const file = textOrNull(args['agent-kubeconfig-out']) ?? `${cluster}-agent.kubeconfig`;
    await writeAgentKubeconfig(file, { cluster, server: server.origin, authority, proof });
    process.stdout.write(`cluster(${cluster}) has registered\n`);
    process.stderr.write(`register: its agent, where the cluster can be reached: ${agentWords(cluster, file, args)}\n`);
    return 0;
  } catch (error) {
    throw error instanceof DiscoveryError ? new CommandError(error.message) : error;
  } finally {
    member.close();
  }
}

function serverIn(text: string): URL {
  const address = text.includes('://') ? text : `https://${text}`;
  if (URL.canParse(address) && new URL(address).protocol === 'https:') return new URL(address);
  throw new CommandError(`with --token, register wants the hub's HOST:PORT, not "${text}"`);
}

/** Null where it is said that any will do. */
function pinsIn(args: Arguments): readonly string[] | null {
  const given = (args['discovery-token-ca-cert-hash'] ?? []) as readonly string[];
  const wrong = given.find((pin) => !/^sha256:[0-9a-f]{64}$/i.test(pin));
  if (wrong !== undefined) {
    throw new CommandError(`--discovery-token-ca-cert-hash wants sha256: and 64 hexadecimal digits, not "${wrong}"`);
  }
  if (given.length > 0) return given.map((pin) => pin.toLowerCase());
  if (args['discovery-token-unsafe-skip-ca-verification'] === true) return null;
  throw new CommandError(
    '--discovery-token-ca-cert-hash is missing ("muster token create --print-register-command" tells it); whoever cannot have it ' +
      'says --discovery-token-unsafe-skip-ca-verification',
  );
}

function secondsIn(args: Arguments): number {
  const seconds = Number(args['cert-expiration-seconds']);
  if (Number.isSafeInteger(seconds) && seconds >= SHORTEST_SECONDS) return seconds;
  throw new CommandError(`--cert-expiration-seconds wants a number, ${SHORTEST_SECONDS} or more`);
}

function waitIn(args: Arguments): number {
  const wait = parseDuration(args['discovery-timeout']);
  if (wait === null) throw new CommandError('--discovery-timeout should be a duration, such as 5m');
  return wait;
}
