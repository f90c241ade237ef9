// The fields of the discovery types, one type an entry, in the notation of ../type-notation.ts.
export const discoveryTypes = `
Endpoint: addresses* [string], conditions EndpointConditions, deprecatedTopology {string}!, hints EndpointHints,
  hostname string, nodeName string, targetRef ObjectReference!, zone string
EndpointConditions: ready bool&, serving bool&, terminating bool&
EndpointHints: forNodes [ForNode], forZones [ForZone]
EndpointPort: appProtocol string&, name string&, port int32&, protocol string&
EndpointSlice: addressType* string, apiVersion string, endpoints* [Endpoint], kind string, metadata ObjectMeta,
  ports [EndpointPort]
ForNode: name* string
ForZone: name* string
`;
