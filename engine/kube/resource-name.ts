// Names of compute resources: which of them Kubernetes' node arithmetic counts.
import { isQualifiedName } from './selector.ts';

const BASIC = new Set(['cpu', 'memory', 'ephemeral-storage', 'pods']);

/** The basic resources, extended ones (with a domain), huge pages and volume attachments; nothing else is on a node. */
export function isNodeResource(name: string): boolean {
  if (BASIC.has(name) || name.startsWith('hugepages-') || name.startsWith('attachable-volumes-')) return true;
  if (name.includes('kubernetes.io/')) return true;
  return name.includes('/') && !name.startsWith('requests.') && isQualifiedName(`requests.${name}`);
}
