// Where a server is: an address with a host, and nothing besides that would have to be kept secret or would be lost on the way.

const ADDRESS = /^(?:([a-z][a-z0-9+.-]*):)?\/\/([^/?#\s]*)[^?#\s]*(\?[^#\s]*)?(#\S*)?$/i;

/** The parts of it that Karmada's servers tell apart. */
export function addressProblems(address: string): readonly string[] {
  const [, , authority = '', query = '', fragment = ''] = ADDRESS.exec(address) ?? [];
  const isHost = authority !== '' && !authority.endsWith('@');
  return [
    ...(isHost ? [] : [`is ${JSON.stringify(address)}, and should have a host, as https://10.0.0.1:6443 has`]),
    ...(authority.includes('@') ? ['should not name a user: who is let in is told by a Secret'] : []),
    ...(query.length > 1 ? ['should have no query'] : []),
    ...(fragment.length > 1 ? ['should have no fragment'] : []),
  ];
}

export const isHttps = (address: string): boolean => ADDRESS.exec(address)?.[1]?.toLowerCase() === 'https';
