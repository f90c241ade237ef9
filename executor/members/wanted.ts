// Which members `muster up` is to have, from the words of its command line: embedded:3, kind:3, kubeconfig:CONTEXT, or several of these.

export interface WantedMember {
  readonly kind: 'embedded' | 'kind' | 'kubeconfig';
  /** As which it joins the fleet. */
  readonly name: string;
  /** Of kubeconfigs. */
  readonly context: string;
}

export type MembersReading =
  | { readonly ok: true; readonly members: readonly WantedMember[] }
  | { readonly ok: false; readonly problem: string };

export const MEMBER_FORMS = 'embedded:N, kind:N or kubeconfig:CONTEXT, with commas between several';
/** Of one kind. */
const COUNT_MAX = 50;
const NAMED = { embedded: 'member', kind: 'kind' } as const;

export function readMembers(text: string): MembersReading {
  const members: WantedMember[] = [];
  for (const word of text.split(',').map((one) => one.trim())) {
    if (word === '') continue;
    const at = word.indexOf(':');
    const kind = at < 0 ? word : word.slice(0, at);
    const rest = at < 0 ? '' : word.slice(at + 1);
    if (kind === 'embedded' || kind === 'kind') {
      const count = rest === '' ? 1 : Number(rest);
      if (!Number.isInteger(count) || count < 1 || count > COUNT_MAX) {
        return { ok: false, problem: `${kind}:N wants a number from 1 to ${COUNT_MAX}, not "${rest}"` };
      }
      const known = members.filter((one) => one.kind === kind).length;
      for (let number = known + 1; number <= known + count; number += 1) {
        members.push({ kind, name: `${NAMED[kind]}${number}`, context: '' });
      }
    } else if (kind === 'kubeconfig' && rest !== '') {
      members.push({ kind: 'kubeconfig', name: clusterName(rest), context: rest });
    } else {
      return { ok: false, problem: `no member is called "${word}": it is ${MEMBER_FORMS}` };
    }
  }
  const twice = members.find(({ name }, at) => members.findIndex((one) => one.name === name) !== at);
  if (twice !== undefined) return { ok: false, problem: `two members would be called ${twice.name}` };
  return { ok: true, members };
}

/** Contexts have names that clusters may not have. */
const clusterName = (context: string): string =>
  context
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 48)
    .replace(/-+$/, '');
