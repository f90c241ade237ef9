// The contexts for the user's kubectl: one for the hub and one for every member that was made. They come into a kubeconfig beside what
// it has, and go from it again; what is not ours stays.
import { readFile, rm } from 'node:fs/promises';
import { isObject } from '../../../engine/index.ts';
import { writeAtomically } from '../../files/write-atomic.ts';
import { printYaml } from '../../files/yaml.ts';
import type { TokenAccess } from '../../live/address.ts';
import { yamlCodec } from '../../script/yaml-codec.ts';
import { YamlError } from '../../script/yaml-parse.ts';
import { CommandError } from '../../terminal/command.ts';

export interface NamedAccess extends TokenAccess {
  readonly name: string;
}

/** What is enough to know a context of ours by. */
export interface OwnContext {
  readonly name: string;
  readonly server: string;
}

interface Entry {
  readonly name: string;
  readonly [field: string]: unknown;
}

type Config = Readonly<Record<string, unknown>>;

const LISTS = ['clusters', 'users', 'contexts'] as const;

/** YAML that is JSON as well. The first is the current context. */
export const kubeconfigOf = (all: readonly NamedAccess[]): string => `${JSON.stringify(configOf(all), null, 2)}\n`;

/** Whether contexts can be added to a file, before anything is started: throws where it is something else than a kubeconfig. */
export const refuseOtherThanKubeconfig = async (file: string): Promise<void> => void (await readConfig(file));

/** Contexts of these names that were there are replaced, as by kind. */
export async function addContexts(file: string, all: readonly NamedAccess[]): Promise<void> {
  const own = configOf(all);
  const found = (await readConfig(file)) ?? {};
  const lists = LISTS.map((list) => {
    const ours = entriesOf(own, list);
    const names = new Set(ours.map(({ name }) => name));
    return [list, [...entriesOf(found, list).filter(({ name }) => !names.has(name)), ...ours]];
  });
  await write(file, { ...own, ...found, ...Object.fromEntries(lists), 'current-context': own['current-context'] });
}

/** A file that has nothing else goes as well. */
export async function removeContexts(file: string, all: readonly OwnContext[]): Promise<void> {
  const found = await readConfig(file);
  if (found === null) return;
  const isOurs = ({ name, cluster }: Entry) =>
    all.some((one) => one.name === name && isObject(cluster) && cluster.server === one.server);
  const names = new Set(entriesOf(found, 'clusters').flatMap((entry) => (isOurs(entry) ? [entry.name] : [])));
  if (names.size === 0) return;
  const goes: Readonly<Record<(typeof LISTS)[number], (entry: Entry) => boolean>> = {
    clusters: ({ name }) => names.has(name),
    users: ({ name }) => [...names].some((one) => userOf(one) === name),
    contexts: ({ name, context }) => names.has(name) && isObject(context) && context.cluster === name,
  };
  const lists = LISTS.map((list) => [list, entriesOf(found, list).filter((entry) => !goes[list](entry))] as const);
  if (lists.every(([, entries]) => entries.length === 0)) {
    await rm(file, { force: true });
    return;
  }
  const current = names.has(String(found['current-context'])) ? '' : found['current-context'];
  await write(file, { ...found, ...Object.fromEntries(lists), 'current-context': current });
}

const userOf = (name: string): string => `${name}-admin`;

const configOf = (all: readonly NamedAccess[]) => ({
  apiVersion: 'v1',
  kind: 'Config',
  clusters: all.map(({ name, server, authority }) => ({
    name,
    cluster: {
      server,
      ...(authority === null ? {} : { 'certificate-authority-data': Buffer.from(authority).toString('base64') }),
    },
  })),
  users: all.map(({ name, token }) => ({ name: userOf(name), user: { token } })),
  contexts: all.map(({ name }) => ({ name, context: { cluster: name, user: userOf(name) } })),
  'current-context': all[0]?.name ?? '',
});

/** Null where there is none, or an empty one. */
async function readConfig(file: string): Promise<Config | null> {
  let config: unknown;
  try {
    config = JSON.parse(yamlCodec.toJson(await readFile(file, 'utf8')));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    if (error instanceof YamlError) throw otherThanKubeconfig(file, error.message);
    throw new CommandError(`the kubeconfig ${file} cannot be read: ${(error as Error).message}`);
  }
  if (config === null) return null;
  if (!isObject(config)) throw otherThanKubeconfig(file, 'it is no object');
  if (config.kind !== undefined && config.kind !== 'Config') {
    throw otherThanKubeconfig(file, `its kind is ${JSON.stringify(config.kind)}, and should be "Config"`);
  }
  for (const list of LISTS) {
    const entries = config[list] ?? [];
    if (!Array.isArray(entries) || !entries.every((entry) => isObject(entry) && typeof entry.name === 'string')) {
      throw otherThanKubeconfig(file, `${list} should be a list of objects that have names`);
    }
  }
  return config;
}

const otherThanKubeconfig = (file: string, why: string): CommandError =>
  new CommandError(`${file} is no kubeconfig, and is left as it is: ${why}`);

const entriesOf = (config: Config, list: (typeof LISTS)[number]): readonly Entry[] =>
  (config[list] ?? []) as readonly Entry[];

const write = (file: string, config: Config): Promise<void> =>
  writeAtomically(file, printYaml(config), { mode: 0o600 });
