// muster promote: the hub takes over what a member has, without its pods being started anew.
import { objectKey } from '../../engine/index.ts';
import { writeText } from '../files/write.ts';
import { printYamlDocuments } from '../files/yaml.ts';
import type { ApiObjects } from '../live/api-objects.ts';
import { interpreterOf } from '../live/hub-interpreter.ts';
import { adopted, makePromotion } from '../live/promote/carry-out.ts';
import { type PromotePorts, PromoteProblem, type Promotion, planPromotion } from '../live/promote/plan-promotion.ts';
import { yamlCodec } from '../script/yaml-codec.ts';
import { type Arguments, type Command, CommandError } from '../terminal/command.ts';
import { goOnUnread } from '../terminal/unread.ts';
import { withHub, withHubOptions, withNamespaceOption } from './hub-access.ts';
import { memberOf, withMemberOptions } from './member-access.ts';
import { objectAskedFor, withObjectWords } from './one-object.ts';

export const command: Command = {
  declare: (yargs) =>
    withNamespaceOption(withObjectWords(withMemberOptions(withHubOptions(yargs))), 'its namespace')
      .option('cluster', { alias: 'C', describe: 'the member that has it', type: 'string', demandOption: true })
      .option('deps', { alias: 'd', describe: 'what it refers to, too', type: 'boolean', default: false })
      .option('auto-create-policy', {
        describe: 'make a policy that sends it back to where it is',
        type: 'boolean',
        default: true,
      })
      .option('policy-name', { describe: 'what that is called, or one that the hub has', type: 'string' })
      .option('output', {
        alias: 'o',
        choices: ['yaml', 'json'] as const,
        describe: 'print what would be made, and make nothing',
      })
      .option('dry-run', { describe: 'ask the hub whether it would do', type: 'boolean', default: false })
      .option('timeout', {
        describe: 'seconds until the member is written to; 0 does not wait',
        type: 'number',
        default: 60,
      })
      .example('$0 promote deployment web -n shop -C member1 --deps', 'with the ConfigMaps and Secrets that it uses'),
  run: (args) => withHub(args, (_, hub) => promote(args, hub), PromoteProblem),
};

async function promote(args: Arguments, hub: ApiObjects): Promise<0> {
  const cluster = String(args.cluster);
  const object = objectAskedFor(args);
  if (object === null) throw new CommandError('what is to be promoted? Name it, as in deploy/web');
  const member = await memberOf(hub, cluster, args);
  try {
    const ports = { hub, member, interpreter: await interpreterOf(hub), yaml: yamlCodec };
    const promotion = await planPromotion(
      {
        cluster,
        ...object,
        namespace: String(args.namespace),
        policyName: typeof args['policy-name'] === 'string' ? args['policy-name'] : null,
        makesPolicy: args['auto-create-policy'] === true,
        withDependencies: args.deps === true,
      },
      ports,
    );
    if (promotion === null) {
      await writeText(process.stdout, `${object.kind}/${object.name} of ${cluster} is promoted already\n`);
      return 0;
    }
    for (const note of promotion.notes) process.stderr.write(`note: ${note}\n`);
    if (args.output !== undefined) await writeText(process.stdout, dumped(promotion, String(args.output)));
    else {
      goOnUnread();
      await carryOut(promotion, ports, args['dry-run'] === true, Number(args.timeout));
    }
    return 0;
  } finally {
    member.close();
  }
}

async function carryOut(promotion: Promotion, ports: PromotePorts, dryRun: boolean, seconds: number): Promise<void> {
  await makePromotion(promotion, ports.hub, dryRun);
  const { made, cluster, there, policy } = promotion;
  for (const { kind, metadata } of made) {
    const name = objectKey(metadata.namespace ?? '', metadata.name);
    await writeText(process.stdout, `${kind.toLowerCase()}/${name} ${dryRun ? 'would be made (dry run)' : 'made'}\n`);
  }
  if (dryRun || seconds === 0 || policy === null) return;
  await adopted(promotion, ports, seconds * 1000);
  const title = `${there.kind.toLowerCase()}/${there.metadata.name}`;
  await writeText(process.stdout, `${title} of ${cluster} is promoted: it is the same object, with the same pods\n`);
}

const dumped = ({ made }: Promotion, form: string): string =>
  form === 'json'
    ? `${JSON.stringify({ apiVersion: 'v1', kind: 'List', items: made }, null, 2)}\n`
    : printYamlDocuments(made);
