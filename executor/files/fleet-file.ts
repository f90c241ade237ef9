// A fleet from files: Cluster objects, or one document with a list of them under "clusters".
import { admit, byText, type Cluster, clusterProblems, isObject, type KubeObject } from '../../engine/index.ts';
import { CommandError } from '../terminal/command.ts';
import { type FileProblem, FileProblems } from './file-problem.ts';
import { loadManifests, type Manifest, type ManifestOptions, type Origin } from './manifests.ts';
import { readText, STDIN_NAME } from './read-text.ts';
import { readDocuments, type SourceDocument } from './yaml.ts';

const CLUSTER = { apiVersion: 'cluster.karmada.io/v1alpha1', kind: 'Cluster' };

/** A file, a directory or "-"; other kinds among the objects are left aside. */
export async function loadFleet(name: string, options: ManifestOptions = {}): Promise<readonly Cluster[]> {
  const listed = await readListed(name, options);
  const manifests = listed ?? (await loadManifests([name], options)).filter(({ object }) => isCluster(object));
  return admitFleet(manifests, name);
}

/** A file need not say how a hub reaches a cluster: nobody goes there from here. */
export function withSyncMode(object: KubeObject): KubeObject {
  const spec = object.spec ?? {};
  if (!isCluster(object) || !isObject(spec) || !isUnset(spec.syncMode)) return object;
  return { ...object, spec: { ...spec, syncMode: 'Push' } };
}

const isUnset = (value: unknown): boolean => value === undefined || value === null;

/** The clusters of a set of manifests, admitted. */
export function admitFleet(manifests: readonly Manifest[], source: string): readonly Cluster[] {
  if (manifests.length === 0) throw new CommandError(`${source} has no clusters`);
  const problems: FileProblem[] = [];
  const places = new Map<string, Origin>();
  const clusters = manifests.map(({ object, origin }) => {
    const at = ({ path, message }: { path: string; message: string }) => ({ ...origin.place(path), path, message });
    const wrong = clusterProblems(object);
    const admission = admit(withSyncMode(object), 0);
    problems.push(...(wrong.length > 0 ? wrong : admission.problems).map(at));
    const earlier = places.get(object.metadata?.name)?.place();
    if (earlier !== undefined) {
      const message = `repeats the name of the cluster at ${earlier.file}:${earlier.line}`;
      problems.push(at({ path: 'metadata.name', message }));
    }
    places.set(object.metadata?.name, origin);
    return admission.object as unknown as Cluster;
  });
  if (problems.length > 0) throw new FileProblems(problems);
  return clusters.sort((a, b) => byText(a.metadata.name, b.metadata.name));
}

const isCluster = ({ apiVersion, kind }: KubeObject): boolean =>
  kind === CLUSTER.kind && apiVersion.startsWith('cluster.karmada.io/');

/** Null where the file is none with a list under "clusters". */
async function readListed(name: string, options: ManifestOptions): Promise<Manifest[] | null> {
  let text: string;
  try {
    text = await readText(name, options);
  } catch (error) {
    // A directory: its files are manifests.
    if (name !== '-' && error instanceof CommandError) return null;
    throw error;
  }
  const { documents, problems } = readDocuments(text, name === '-' ? STDIN_NAME : name);
  const lists = documents.filter(({ value }) => isObject(value) && value.kind === undefined && 'clusters' in value);
  if (lists.length === 0) return null;
  if (problems.length > 0) throw new FileProblems(problems);
  return lists.flatMap(readList);
}

function readList(document: SourceDocument): Manifest[] {
  const { clusters } = document.value as { clusters: unknown };
  if (!Array.isArray(clusters)) {
    const { file, line } = document.place('clusters');
    throw new CommandError(`${file}:${line}: clusters should be a list`);
  }
  return clusters.map((item: unknown, at): Manifest => {
    const path = `clusters[${at}]`;
    const place = (field = '') => document.place(field === '' ? path : `${path}.${field}`);
    const object = (isObject(item) ? { ...CLUSTER, ...item } : item) as KubeObject;
    return { object, origin: { file: document.file, document: document.index, path, place } };
  });
}
