// The fields of the node types, one type an entry, in the notation of ../type-notation.ts.
export const nodeTypes = `
Overhead: podFixed {quantity}
RuntimeClass: apiVersion string, handler* string, kind string, metadata ObjectMeta, overhead Overhead,
  scheduling Scheduling
Scheduling: nodeSelector {string}!, tolerations [Toleration]
`;
