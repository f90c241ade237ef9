// The fields of the scheduling types, one type an entry, in the notation of ../type-notation.ts.
export const schedulingTypes = `
PriorityClass: apiVersion string, description string, globalDefault bool, kind string, metadata ObjectMeta,
  preemptionPolicy string, value* int32
`;
