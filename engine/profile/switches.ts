// Each switch is one deliberate difference from Karmada; all of them off is Karmada.

export interface Switches {
  /** A spread constraint without maxGroups has no upper limit, instead of selecting nothing. */
  readonly unsetMaxGroupsIsUnlimited: boolean;
  /** Zone, provider and label constraints shape the selection, in any mix with region and cluster. */
  readonly spreadByAnyTopology: boolean;
  /** Static weights select within the spread constraints, instead of ignoring them. */
  readonly staticWeightsRespectSpread: boolean;
  /** An estimate beyond 32 bits counts as the largest number of replicas, instead of wrapping around. */
  readonly estimatesSaturate: boolean;
  /** Where nodes are known, pods of less priority do not count as holding room: they would be preempted. */
  readonly estimatesCountPreemption: boolean;
  /** A cluster that takes nothing new, for a taint or an API, keeps what it runs and gets no more of it. */
  readonly closedClustersGetNoMore: boolean;
  /** Static weights never give a cluster more than it has room for. */
  readonly staticWeightsRespectCapacity: boolean;
  /** What no cluster fits any more keeps running where it is, instead of being removed everywhere. */
  readonly keepsWhatFitsNowhere: boolean;
  /** A refusal counts as seen by the scheduler, and is over as soon as nothing is missing, though there was nothing to decide. */
  readonly tellsEveryOutcome: boolean;
  /** Where an affinity fits nothing and a later one has only too little room, it is room that is waited for. */
  readonly waitsForRoomInAnyAffinity: boolean;
  /**
   * A cluster that stays out of reach is left by what runs there, without anybody setting a NoExecute taint, and so is one that is
   * to go, whether or not there is room elsewhere.
   */
  readonly leavesDeadClusters: boolean;
  /** Replicas that have waited for a node for long go to clusters with room for them; in Karmada a component that has to be installed. */
  readonly leavesFullClusters: boolean;
  /** While most of the fleet seems dead nothing is evicted: then it is the hub that is cut off. */
  readonly holdsEvictionInMassFailure: boolean;
  /** What is to be purged directly from a cluster out of reach starts elsewhere without waiting for it. */
  readonly purgeSkipsDeadClusters: boolean;
  /** What no Work stands for any more in a member, and no binding in the hub, as after a write that came too late, is taken away. */
  readonly collectsStrays: boolean;
  /** What others have in a member is respected: a namespace that is there will do, and what another Work took over stays. */
  readonly respectsOthers: boolean;
  /** What is left gracefully stays until its successors tell of all their replicas, and not only of health as it last was. */
  readonly evictionWaitsForReplicas: boolean;
  /** What an object has become counts at once: which policy selects it, and what its clusters have even when none does any more. */
  readonly followsTemplates: boolean;
  /** Of a service for which there is too little room as much is placed as there is room for, and the rest waits. */
  readonly placesWhatFits: boolean;
  /** Divided workloads follow changes of the fleet, within a budget of moves; and whatever a cluster tells may be a reason to decide. */
  readonly followsFleetChanges: boolean;
  /** What had to leave its first choice goes back there once that has been well for a while. */
  readonly failsBack: boolean;
  /** What a decision moves is taken from its old clusters when it has arrived in the new ones. */
  readonly staysUntilArrived: boolean;
  /** Clusters are told as ClusterProfiles as well, and placements, where a policy asks for it, as PlacementDecisions. */
  readonly tellsNeighbours: boolean;
  /** Autoscalers go by what was placed: they ask for no more because what they asked for has no place, or not yet. */
  readonly scalesByPlacement: boolean;
  /** What autoscalers scale in the clusters keeps its replicas there, and its template asks for as many; in Karmada two controllers that have to be named. */
  readonly followsAutoscalers: boolean;
  /** What a schedule wanted done while nobody ran is done when somebody does again, and not only when it is due the next time. */
  readonly makesUpForMissedTimes: boolean;
  /** Endpoints of a cluster that is out of sight are not told to others, as long as there are others that can be asked. */
  readonly withdrawsDeadEndpoints: boolean;
}

export const KARMADA_SWITCHES: Switches = {
  unsetMaxGroupsIsUnlimited: false,
  spreadByAnyTopology: false,
  staticWeightsRespectSpread: false,
  estimatesSaturate: false,
  estimatesCountPreemption: false,
  closedClustersGetNoMore: false,
  staticWeightsRespectCapacity: false,
  keepsWhatFitsNowhere: false,
  tellsEveryOutcome: false,
  waitsForRoomInAnyAffinity: false,
  leavesDeadClusters: false,
  leavesFullClusters: false,
  holdsEvictionInMassFailure: false,
  purgeSkipsDeadClusters: false,
  collectsStrays: false,
  respectsOthers: false,
  evictionWaitsForReplicas: false,
  followsTemplates: false,
  placesWhatFits: false,
  followsFleetChanges: false,
  failsBack: false,
  staysUntilArrived: false,
  tellsNeighbours: false,
  scalesByPlacement: false,
  followsAutoscalers: false,
  makesUpForMissedTimes: false,
  withdrawsDeadEndpoints: false,
};

export const MUSTER_SWITCHES: Switches = {
  unsetMaxGroupsIsUnlimited: true,
  spreadByAnyTopology: true,
  staticWeightsRespectSpread: true,
  estimatesSaturate: true,
  estimatesCountPreemption: false,
  closedClustersGetNoMore: true,
  staticWeightsRespectCapacity: true,
  keepsWhatFitsNowhere: true,
  tellsEveryOutcome: true,
  waitsForRoomInAnyAffinity: true,
  leavesDeadClusters: true,
  leavesFullClusters: true,
  holdsEvictionInMassFailure: true,
  purgeSkipsDeadClusters: true,
  collectsStrays: true,
  respectsOthers: true,
  evictionWaitsForReplicas: true,
  followsTemplates: true,
  placesWhatFits: true,
  followsFleetChanges: true,
  failsBack: true,
  staysUntilArrived: true,
  tellsNeighbours: true,
  scalesByPlacement: true,
  followsAutoscalers: true,
  makesUpForMissedTimes: true,
  withdrawsDeadEndpoints: true,
};
